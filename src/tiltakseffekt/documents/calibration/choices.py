"""What the calibration compares and how: ``config/documents/compared.yaml`` and ``choices.yaml`` of each document."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final, Literal, Self

import pandas as pd
from pydantic import Field, ValidationError, model_validator

from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.core.settings import Settings
from tiltakseffekt.core.yaml_files import read_yaml

#: The file of what holds for all documents, and that of each.
COMPARED_FILE: Final = "compared.yaml"
CHOICES_FILE: Final = "choices.yaml"
#: Why a printed number is not compared.
Reason = Literal["estimate", "money", "rule", "axis", "contradicted", "undefined", "registers", "scope"]
REASONS: Final = ("estimate", "money", "rule", "axis", "contradicted", "undefined", "registers", "scope")
#: Columns of the printed numbers on which a pattern may stand.
PATTERN_COLUMNS: Final = ("exhibit", "panel", "row_group", "row", "column", "unit", "kind", "line")


class Rounding(Settings):
    """How exact printed numbers are taken to be."""

    in_words: Mapping[str, float] = Field(description="Unit of rounding of a number stated in words, by unit")


class LeftOut(Settings):
    """Printed numbers that are not compared, with the reason."""

    cells: Mapping[str, str | tuple[str, ...]]
    reason: Reason
    kept: str = Field("", description="The contradicting number that is compared instead")
    why: str = ""

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if unknown := set(self.cells) - set(PATTERN_COLUMNS):
            raise ValueError(f"no such column: {', '.join(sorted(unknown))}")
        if (self.reason == "contradicted") != bool(self.kept):
            raise ValueError("kept is for contradicted numbers, and they need it")
        return self

    def matches(self, printed: pd.DataFrame) -> pd.Series:
        """Tell which printed numbers the patterns are about."""
        chosen = pd.Series(True, index=printed.index)
        for column, patterns in self.cells.items():
            wanted = (patterns,) if isinstance(patterns, str) else patterns
            values = printed[column].unique()
            chosen &= printed[column].isin([v for v in values if any(fnmatchcase(v, pattern) for pattern in wanted)])
        return chosen


class Choices(Settings):
    """What is compared, and how."""

    rounding: Rounding
    left_out: Mapping[str, tuple[LeftOut, ...]] = Field(description="By document")


def load_choices(folder: str | Path) -> Choices:
    """Read the choices.

    Parameters
    ----------
    folder
        Folder with ``compared.yaml``, and one folder per document with ``choices.yaml``.

    Raises
    ------
    FaultsFound
        If entries have unknown or missing keys; all of them.
    """
    root = Path(folder)
    common = read_yaml(root / COMPARED_FILE)
    content = {
        "rounding": common.get("rounding"),
        "left_out": {name: read_yaml(root / name / CHOICES_FILE) for name in common.get("documents", ())},
    }
    try:
        return Choices.model_validate(content)
    except ValidationError as error:
        raise FaultsFound(
            [
                Fault(CHOICES_FILE, ".".join(map(str, fault["loc"])), fault["msg"], 1, "Mend the entry.")
                for fault in error.errors()
            ]
        ) from None
