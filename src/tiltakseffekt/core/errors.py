"""Errors that a user can act on.

They carry facts (where, what rule, how many) and compose their own sentence. They never carry a row value
or an identifier, since logs and messages leave the protected area.
"""

import traceback
from collections.abc import Sequence
from dataclasses import dataclass


class TiltakError(Exception):
    """An error whose message is meant for the user; it is shown without a traceback."""


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong with the input.

    Parameters
    ----------
    file
        File, table or configuration file in which the fault lies.
    column
        Column or configuration path; empty when the whole file is meant.
    rule
        What should hold, in one sentence.
    count
        Number of rows (or occurrences) that break the rule.
    remedy
        What the user should do.
    """

    file: str
    column: str
    rule: str
    count: int
    remedy: str

    def sentence(self) -> str:
        """Return the fault as one line: where, what, how many, what to do."""
        where = f"{self.file}: {self.column}" if self.column else self.file
        return f"{where}: {self.rule} ({self.count}). {self.remedy}"


class FaultsFound(TiltakError):
    """All faults found in one pass, so that they can be mended in one go."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        lines = [f"  {number}. {fault.sentence()}" for number, fault in enumerate(self.faults, 1)]
        noun = "fault" if len(self.faults) == 1 else "faults"
        super().__init__("\n".join([f"{len(self.faults)} {noun} found:", *lines]))


class ConfigurationError(TiltakError):
    """Everything that is wrong with the configuration: path, value, what is allowed, a block to paste."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(
            f"{len(problems)} fault{'s' * (len(problems) > 1)} in the configuration:\n\n" + "\n\n".join(problems)
        )


def defect(error: Exception) -> str:
    """Return type and frames of an error that is a defect of the program; its message might hold a value."""
    return f"{type(error).__name__} in\n{''.join(traceback.format_tb(error.__traceback__))}"
