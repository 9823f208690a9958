"""A person looks at exhibits of which much is suppressed, before they leave."""

import difflib
from collections.abc import Collection, Sequence

from tiltakseffekt.core.errors import ConfigurationError


def review_settled(origin: str, reviewed: bool) -> bool:
    """Return whether an exhibit with the status ``review`` may leave.

    Parameters
    ----------
    origin
        Origin of the registers; what shows made-up persons needs no review.
    reviewed
        Whether a person has looked at the exhibit and let it out.
    """
    return reviewed or origin == "synthetic"


def check_reviewed(reviewed: Sequence[str], catalogue: Collection[str]) -> None:
    """Refuse a list of reviewed exhibits with names that the catalogue does not have.

    Raises
    ------
    ConfigurationError
        With every such name, and the nearest one that there is.
    """
    unknown = [name for name in reviewed if name not in catalogue]
    if unknown:
        raise ConfigurationError([_unknown(name, catalogue) for name in unknown])


def _unknown(name: str, catalogue: Collection[str]) -> str:
    full_names = sorted(catalogue)
    bare_names = {full_name.rpartition("/")[2]: full_name for full_name in full_names}
    near = difflib.get_close_matches(name, full_names, n=1)
    near += [bare_names[bare] for bare in difflib.get_close_matches(name, bare_names, n=1)]
    meant = f"did you mean {near[0]}?" if near else f"it has: {', '.join(full_names)}"
    return f"configuration: export.reviewed names {name!r}, which no catalogue has\n  {meant}"
