"""The base of every part of the configuration."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from tiltakseffekt.core.months import parse_month


class Settings(BaseModel):
    """A part of the configuration; unknown keys are refused and values never change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


def _check_month(text: str) -> str:
    parse_month(text)
    return text


#: A month in the configuration, written YYYY-MM.
MonthText = Annotated[str, AfterValidator(_check_month)]
