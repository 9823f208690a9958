"""The frame of every script: log, errors in one voice, provenance of what was written."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tiltakseffekt.core.errors import TiltakError, defect
from tiltakseffekt.core.files import deny_others, sha256, write_json
from tiltakseffekt.workflow.code import called_functions
from tiltakseffekt.workflow.provenance import (
    Record,
    builders,
    exhibit_provenance,
    hash_inputs,
    read_records,
    write_record,
)
from tiltakseffekt.workflow.release import provenance_for

LOGGER = logging.getLogger("tiltakseffekt")


@contextmanager
def job(snakemake: Any) -> Iterator[logging.Logger]:
    """Run the body of a script as one job of the workflow.

    What it writes is closed to others. Log lines go to the log file of the rule. An error that the user can act on is
    shown without a traceback; of any other error only its type is shown and only its frames go to the log, since its
    message might hold a value. When the body ends well, the provenance of its outputs is recorded.
    """
    deny_others()
    log_path = Path(snakemake.log[0])
    log_path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(log_path, mode="w", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    LOGGER.handlers = [handler]
    LOGGER.setLevel(logging.INFO)
    try:
        yield LOGGER
        _record(snakemake)
    except TiltakError as error:
        LOGGER.error("%s", error)
        print(f"\n{snakemake.rule}: {error}\n", file=sys.stderr)
        raise SystemExit(1) from None
    except Exception as error:
        LOGGER.error("%s", defect(error))
        print(f"\n{snakemake.rule}: {type(error).__name__}, a defect of the program; see {log_path}\n", file=sys.stderr)
        raise SystemExit(1) from None
    finally:
        handler.close()


def _record(snakemake: Any) -> None:
    """Write the record of the job, and the provenance file of an exhibit where the rule declares one."""
    # Snakemake runs a copy of the script, which carries the path of the original.
    script = Path(sys.modules["__main__"].__file__ or "")
    root = script.parents[2]
    parameters = {str(key): value for key, value in snakemake.params.items()}
    records = read_records()
    provenance = [path for path in snakemake.output if path.endswith("provenance.json")]
    record = Record(
        rule=snakemake.rule,
        wildcards={str(key): str(value) for key, value in snakemake.wildcards.items()},
        script=script.relative_to(root).as_posix(),
        functions=(*called_functions(script), *builders(parameters)),
        parameters=parameters,
        inputs=hash_inputs({_shown(path, root): Path(path) for path in snakemake.input}, records),
        outputs={path: sha256(path) for path in snakemake.output if path not in provenance},
    )
    for path in provenance:
        write_json(path, provenance_for(path, exhibit_provenance(record, records, root)))
    write_record(record)


def _shown(path: str, root: Path) -> str:
    """Return a path as shown to readers: files of the project relative to its root, never a path of the machine."""
    absolute = Path(path)
    return absolute.relative_to(root).as_posix() if absolute.is_absolute() and absolute.is_relative_to(root) else path
