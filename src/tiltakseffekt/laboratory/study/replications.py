"""Replications of designs, in chunks that are written one by one, so that an interrupted study goes on where it was."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from tiltakseffekt.core.files import atomic_path
from tiltakseffekt.core.randomness import named_generator, named_seed
from tiltakseffekt.laboratory.study.design import Design
from tiltakseffekt.laboratory.study.estimators import Result, estimate_all
from tiltakseffekt.laboratory.study.literature import literature_designs
from tiltakseffekt.laboratory.study.registers import Pool, registers_design
from tiltakseffekt.stages.matching.settings import MatchingSettings

#: Replications in one file: some tens of seconds of work.
CHUNK: Final = 5


class Plan(NamedTuple):
    """What a study consists of, apart from how many replications are run."""

    pool: Pool
    settings: MatchingSettings
    seed: int


def designs(pool: Pool) -> dict[str, Design]:
    """Return all designs by name, in the order in which they are shown."""
    return {design.name: design for design in (registers_design(pool), *literature_designs())}


def replicate(design: Design, replication: int, plan: Plan) -> list[tuple[str, int, int, *tuple[object, ...]]]:
    """Return the estimates of one replication: design, number, persons in the arm, then the fields of `Result`."""
    names = ("study", design.name, replication)
    sample = design.draw(named_generator(plan.seed, *names, "sample"))
    persons = np.bincount(sample.arm, minlength=sample.propensities.shape[1])
    results = estimate_all(sample, plan.settings, named_seed(plan.seed, *names, "estimators"))
    return [(design.name, replication, int(persons[result.arm]), *result) for result in results]


def run(plan: Plan, folders: Mapping[str, Path], replications: int, cores: int) -> Iterator[tuple[int, int]]:
    """Run what is missing and yield how many chunks are there, of how many.

    Parameters
    ----------
    plan
        Pool, settings and seed.
    folders
        Designs to run, and where the chunks of each are kept: a folder for each plan and state of the code.
    replications
        Replications of each design; rounded up to whole chunks.
    cores
        Processes. Each replication has seeds of its own, so that neither their number nor the order matters.
    """
    # All designs advance together, so that an interrupted study has something of each.
    chunks = [(name, first) for first in range(0, replications, CHUNK) for name in folders]
    missing = [(name, first) for name, first in chunks if not chunk_path(folders[name], first).exists()]
    done = len(chunks) - len(missing)
    yield done, len(chunks)
    if not missing:
        return
    with ProcessPoolExecutor(cores, get_context("spawn"), _begin, (plan,)) as workers:
        futures = [workers.submit(_write_chunk, folders[name], name, first) for name, first in missing]
        for future in as_completed(futures):
            future.result()
            done += 1
            yield done, len(chunks)


def gather(folders: Mapping[str, Path], replications: int) -> pd.DataFrame:
    """Read the estimates of the first replications of each design, in their order, as far as they are there."""
    paths = [chunk_path(folder, first) for folder in folders.values() for first in range(0, replications, CHUNK)]
    found = pd.concat([pd.read_parquet(path) for path in paths if path.exists()], ignore_index=True)
    return found[found["replication"] < replications].reset_index(drop=True)


def chunk_path(folder: Path, first: int) -> Path:
    """Return the file of a chunk, by the number of its first replication."""
    return folder / f"{first:05d}.parquet"


# Plan and designs of a worker process: they are large, and the same for all of its chunks.
_WORKER: dict[str, object] = {}


def _begin(plan: Plan) -> None:
    threadpool_limits(1)
    _WORKER["plan"], _WORKER["designs"] = plan, designs(plan.pool)


def _write_chunk(folder: Path, name: str, first: int) -> None:
    plan, by_name = _WORKER["plan"], _WORKER["designs"]
    assert isinstance(plan, Plan) and isinstance(by_name, dict)
    columns = ["design", "replication", "n_arm", *Result._fields]
    rows = [row for replication in range(first, first + CHUNK) for row in replicate(by_name[name], replication, plan)]
    with atomic_path(chunk_path(folder, first)) as beside:
        pd.DataFrame(rows, columns=columns).to_parquet(beside, index=False)
