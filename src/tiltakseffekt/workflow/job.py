"""The frame of every script: log, errors in one voice, provenance of what was written."""

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tiltakseffekt.core.errors import TiltakError

LOGGER = logging.getLogger("tiltakseffekt")


@contextmanager
def job(snakemake: Any) -> Iterator[logging.Logger]:
    """Run the body of a script as one job of the workflow.

    Log lines go to the log file of the rule and, when they matter to the user, to standard error. An error that
    the user can act on is shown without a traceback; the traceback of any other error goes to the log only,
    without its message, which might hold a value.
    """
    log_path = Path(snakemake.log[0])
    log_path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(log_path, mode="w", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    LOGGER.handlers = [handler]
    LOGGER.setLevel(logging.INFO)
    try:
        yield LOGGER
    except TiltakError as error:
        LOGGER.error("%s", error)
        print(f"\n{snakemake.rule}: {error}\n", file=sys.stderr)
        raise SystemExit(1) from None
    except Exception as error:
        frames = "".join(traceback.format_tb(error.__traceback__))
        LOGGER.error("%s in\n%s", type(error).__name__, frames)
        print(f"\n{snakemake.rule}: {type(error).__name__}, a defect of the program; see {log_path}\n", file=sys.stderr)
        raise SystemExit(1) from None
    finally:
        handler.close()
