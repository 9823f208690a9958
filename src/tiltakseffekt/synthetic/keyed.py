"""Maps by key: parameters of groups, years and bands that are checked against the keys there are.

A map is written in any order and read in the declared one, so that what is computed from it does not depend on how a
file is sorted.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, ValidationError, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import InitErrorDetails, PydanticCustomError

from tiltakseffekt.core import keys

T = TypeVar("T")


def exactly(*allowed: str | int) -> WrapValidator:
    """Return the check of a map that it has each of these keys and no other; it brings them into this order.

    Every key that is missing or unknown is an error of its own, beside those of the values.
    """

    def check(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        found: Mapping[Any, Any] = {}
        errors: list[InitErrorDetails] = []
        try:
            found = handler(value)
        except ValidationError as error:
            errors = [_told_again(details) for details in error.errors()]
        if isinstance(value, Mapping):
            errors += wrong_keys(value, allowed)
        if errors:
            raise ValidationError.from_exception_data("map", errors)
        return {key: found[key] for key in allowed}

    return WrapValidator(check)


def _told_again(details: Any) -> InitErrorDetails:
    kind = PydanticCustomError(details["type"], "{told}", {"told": details["msg"]})
    return InitErrorDetails(type=kind, loc=details["loc"], input=details["input"])


def wrong_keys(
    value: Mapping[Any, Any], allowed: Sequence[str | int], path: tuple[str, ...] = (), *, whole: bool = True
) -> list[InitErrorDetails]:
    """Return an error for every key of a map that is not allowed and, of a whole one, for every key that is missing."""
    told = ", ".join(map(str, allowed))
    wrong = [(key, "unknown_key", "is not a key here") for key in value if key not in allowed]
    if whole:
        wrong += [(key, "missing_key", "is missing") for key in allowed if key not in value]
    return [
        InitErrorDetails(
            type=PydanticCustomError(kind, "{rule}; the keys are {keys}", {"rule": rule, "keys": told}),
            loc=(*path, key),
            input=None,
        )
        for key, kind, rule in wrong
    ]


def _rising(values: dict[Any, Any]) -> dict[Any, Any]:
    return dict(sorted(values.items()))


#: The map is read from the smallest key up.
Rising: Final = AfterValidator(_rising)


def array(values: Mapping[Any, Any] | Sequence[Any] | Any, dtype: Any = None) -> NDArray[Any]:
    """Return numbers of maps inside maps as an array, in the order of their keys."""
    return np.array(_plain(values), dtype=dtype)


def _plain(values: Any) -> Any:
    if isinstance(values, Mapping):
        return [_plain(value) for value in values.values()]
    return values


#: Age groups in which the effect sample starts: Tabell B-4 to B-6 print no other.
AGES_OF_STARTERS: Final = keys.AGE_GROUPS[:-1]
#: Years since a start for which effects are given.
FOLLOWED: Final = range(1, keys.FOLLOW_UP_YEARS + 1)

ByGroup = Annotated[dict[str, T], exactly(*keys.NAV_GROUPS)]
ByEntryGroup = Annotated[dict[str, T], exactly(*keys.ENTRY_GROUPS)]
BySex = Annotated[dict[str, T], exactly(*keys.SEXES)]
ByAge = Annotated[dict[str, T], exactly(*keys.AGE_GROUPS)]
ByAgeOfStarters = Annotated[dict[str, T], exactly(*AGES_OF_STARTERS)]
ByLandgruppe = Annotated[dict[str, T], exactly(*keys.LANDGRUPPER)]
ByEducation = Annotated[dict[str, T], exactly(*keys.EDUCATION_GROUPS)]
ByCategory = Annotated[dict[str, T], exactly(*keys.LEDIGHETSKATEGORIER)]
#: NAV groups and entry groups, sexes, age groups, landgrupper, education, ledighetskategorier as in core/keys.py.
#: Months of the year, January 1.
ByMonthOfYear = Annotated[dict[int, T], exactly(*range(1, 13))]
#: Years since the start of a measure.
ByYearOfEffect = Annotated[dict[int, T], exactly(*FOLLOWED)]
