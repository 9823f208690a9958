"""The command `tiltak validate`: from finished results on synthetic registers to the stored summary of the study."""

import hashlib
import json
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from tqdm import tqdm

from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.core.files import atomic_path, sha256, write_json, write_text
from tiltakseffekt.core.tables import read_table
from tiltakseffekt.matching.settings import ForestSettings, MatchingSettings
from tiltakseffekt.validation.study import replications as runner
from tiltakseffekt.validation.study.document import PROVENANCE, SUMMARY
from tiltakseffekt.validation.study.registers import Pool, build_pool
from tiltakseffekt.validation.study.summary import summarise
from tiltakseffekt.validation.truth import read_truth
from tiltakseffekt.workflow.code import code_hash

#: Forests are smaller than in the report, so that thousands can be grown.
SETTINGS: Final = MatchingSettings(forest=ForestSettings(trees=100))

_REPLICATE: Final = "tiltakseffekt.validation.study.replications:replicate"
_POOL: Final = "tiltakseffekt.validation.study.registers:build_pool"
_PACKAGES: Final = ("numba", "numpy", "pandas", "scikit-learn", "scipy")


class Request(NamedTuple):
    """What the user asks for; no designs means all."""

    designs: Sequence[str]
    replications: int
    cores: int


def validate(request: Request, root: Path, results: Path, seed: int) -> str:
    """Run what is missing of the study and, when all designs were asked for, store its summary.

    Parameters
    ----------
    request
        Designs, replications and cores.
    root
        Folder of the project.
    results
        Results of a run on synthetic registers; replications are kept in its folder ``study``.
    seed
        ``seed`` of the configuration.

    Returns
    -------
    str
        What was done.

    Raises
    ------
    FaultsFound
        If the request or the results do not allow the study.
    """
    inputs = [results / "matching/main/sample.parquet", results / "cohorts/main/covariates.parquet"]
    inputs += sorted((results / "truth").glob("part-*.parquet"))
    _check(request, inputs)
    provenance = {
        "code": code_hash(Path(str(runner.__file__)), _REPLICATE, _POOL),
        "inputs": {path.relative_to(results).as_posix(): sha256(path) for path in inputs},
        "packages": {name: version(name) for name in _PACKAGES},
        "seed": seed,
        "settings": SETTINGS.model_dump(mode="json"),
    }
    key = hashlib.sha256(json.dumps(provenance, sort_keys=True).encode()).hexdigest()[:16]
    folder = results / "study" / key
    plan = runner.Plan(_pool(inputs, folder / "pool.npz"), SETTINGS, seed)
    designs = runner.designs(plan.pool)
    names = list(request.designs or designs)
    if unknown := sorted(set(names) - set(designs)):
        raise FaultsFound(
            [Fault("--designs", name, "no such design", 1, f"One of {list(designs)}") for name in unknown]
        )
    bar = tqdm(unit="chunk")
    for done, chunks in runner.run(plan, names, request.replications, folder, request.cores):
        bar.total, bar.n = chunks, done
        bar.refresh()
    bar.close()
    summary = summarise(
        runner.gather(names, request.replications, folder), {name: designs[name].truth for name in names}
    )
    to = root if set(names) == set(designs) else folder
    write_text(to / SUMMARY, summary.to_csv(index=False, float_format="%.6g", lineterminator="\n"))
    write_json(to / PROVENANCE, provenance | {"replications": request.replications})
    return f"Written: {to / SUMMARY}"


def _check(request: Request, inputs: Sequence[Path]) -> None:
    faults = [
        Fault(f"--{name}", "", "must be at least 1", 1, "Give a positive number.")
        for name, value in (("replications", request.replications), ("cores", request.cores))
        if value < 1
    ]
    missing = sum(not path.exists() for path in inputs)
    if missing or len(inputs) < 3:
        rule = "a run on synthetic registers with its planted truth is needed"
        faults.append(Fault("results", "", rule, max(missing, 1), "Run `make report` first."))
    if faults:
        raise FaultsFound(faults)


def _pool(inputs: Sequence[Path], kept: Path) -> Pool:
    """Return the pool of the design `registers`; it is fitted once and kept."""
    if not kept.exists():
        sample = read_table(inputs[0])
        pool = build_pool(sample, read_table(inputs[1]), read_truth(inputs[2:], sample["person_id"]))
        with atomic_path(kept) as beside, beside.open("wb") as file:
            arrays: dict[str, Any] = pool._asdict()
            np.savez(file, **arrays)
    with np.load(kept) as arrays:
        return Pool(**{name: arrays[name] for name in Pool._fields})
