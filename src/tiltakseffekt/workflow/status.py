"""Which exhibits are current, which are stale and because of what, which are missing."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tiltakseffekt.workflow.code import code_hash
from tiltakseffekt.workflow.environment import environment_hash
from tiltakseffekt.workflow.provenance import Record, builders

State = Literal["current", "stale", "missing"]


@dataclass(frozen=True)
class Output:
    """What Snakemake says of one output: its rule, inputs, why it is not up to date, whether it will be made."""

    rule: str
    inputs: tuple[str, ...]
    status: str
    pending: bool


@dataclass(frozen=True)
class Status:
    """State of an exhibit and, when it is not current, the first causes."""

    exhibit: str
    state: State
    causes: tuple[str, ...]

    def sentence(self) -> str:
        """Return the status as one line."""
        because = f" because of {'; '.join(self.causes)}" if self.causes else ""
        return f"{self.exhibit:<40} {self.state}{because}"


def parse_summary(text: str) -> dict[str, Output]:
    """Read the table that ``snakemake --detailed-summary`` prints."""
    lines = text.splitlines()
    start = next((number for number, line in enumerate(lines) if line.startswith("output_file\t")), len(lines))
    rows = csv.DictReader(io.StringIO("\n".join(lines[start:])), delimiter="\t")
    return {
        row["output_file"]: Output(
            rule=row["rule"],
            inputs=tuple(filter(None, (row["input-file(s)"] or "").split(","))),
            status=row["status"],
            pending=row["plan"] != "no update",
        )
        for row in rows
        if row.get("plan")
    }


def _changed_part(output: Output, record: Record | None, root: Path) -> str:
    """Say which parameter of a rule changed, as far as it can be told from the record of its last run."""
    if record is None:
        return f"{output.rule}: parameters"
    if record.parameters.get("environment") != environment_hash(root / "uv.lock"):
        return "the lock file uv.lock"
    if record.parameters.get("code") != code_hash(root / record.script, *builders(record.parameters)):
        return f"{output.rule}: code"
    return f"{output.rule}: a setting or label"


def first_causes(path: str, outputs: Mapping[str, Output], made: Mapping[str, Record], root: Path) -> tuple[str, ...]:
    """List why a file has to be made again: the causes farthest up its way, each once, sorted."""
    causes: set[str] = set()
    seen: set[str] = set()
    waiting = [path]
    while waiting:
        current = waiting.pop()
        if current in seen or current not in outputs:
            continue
        seen.add(current)
        output = outputs[current]
        above = [name for name in output.inputs if name in outputs and outputs[name].pending]
        waiting += above
        if output.status == "params changed":
            causes.add(_changed_part(output, made.get(current), root))
        elif output.status not in ("ok", "missing") and not above:
            causes.add(f"{output.rule}: {output.status}")
        elif output.status == "missing" and not above:
            causes.add(f"{current} missing")
    return tuple(sorted(causes))


def exhibit_status(
    exhibit: str, path: str, outputs: Mapping[str, Output], made: Mapping[str, Record], root: Path
) -> Status:
    """Return the status of one exhibit.

    Parameters
    ----------
    exhibit
        Identifier of the exhibit.
    path
        A file of the exhibit that its rule writes.
    outputs
        From `parse_summary`.
    made
        Record of the job that last made each output.
    root
        Root of the project.
    """
    output = outputs.get(path)
    if output is None or output.status == "missing":
        return Status(exhibit, "missing", ())
    if not output.pending:
        return Status(exhibit, "current", ())
    return Status(exhibit, "stale", first_causes(path, outputs, made, root))
