"""The command `tiltak validate`: from finished results on synthetic registers to the stored summary of the study."""

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from tqdm import tqdm

from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.core.files import atomic_path, read_json, sha256, write_json, write_text
from tiltakseffekt.core.tables import read_table
from tiltakseffekt.laboratory.study import replications as runner
from tiltakseffekt.laboratory.study.document import PROVENANCE, SUMMARY
from tiltakseffekt.laboratory.study.registers import REGISTERS, Pool, build_pool
from tiltakseffekt.laboratory.study.summary import summarise
from tiltakseffekt.laboratory.truth import read_truth
from tiltakseffekt.stages.matching.settings import ForestSettings, MatchingSettings
from tiltakseffekt.workflow.code import code_hash

#: Forests are smaller than in the report, so that thousands can be grown.
SETTINGS: Final = MatchingSettings(forest=ForestSettings(trees=100))

#: Tables of the variant that are read.
TABLES: Final = ("matching/{variant}/sample.parquet", "cohorts/{variant}/covariates.parquet")

_REPLICATE: Final = "tiltakseffekt.laboratory.study.replications:replicate"
_POOL: Final = "tiltakseffekt.laboratory.study.registers:build_pool"
_PACKAGES: Final = ("numba", "numpy", "pandas", "scikit-learn", "scipy")


class Request(NamedTuple):
    """What the user asks for, and the variant from whose persons samples are drawn; no designs means all."""

    designs: Sequence[str]
    replications: int
    cores: int
    variant: str


def validate(request: Request, root: Path, results: Path, seed: int) -> str:
    """Run what is missing of the study and store its summary, in which other designs keep what was found before.

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
    inputs = [results / table.format(variant=request.variant) for table in TABLES]
    inputs += sorted((results / "truth").glob("part-*.parquet"))
    _check(request, inputs)
    folders, told = {}, {}
    plan = runner.Plan(_pool(inputs, results / "study"), SETTINGS, seed)
    designs = runner.designs(plan.pool)
    names = list(request.designs or designs)
    if unknown := sorted(set(names) - set(designs)):
        raise FaultsFound(
            [Fault("--designs", name, "no such design", 1, f"One of {list(designs)}") for name in unknown]
        )
    for name in names:
        told[name] = _provenance(seed, {path.relative_to(results).as_posix(): path for path in inputs}, name)
        folders[name] = results / "study" / f"{name}-{_key(told[name])}"
    bar = tqdm(unit="chunk")
    for done, chunks in runner.run(plan, folders, request.replications, request.cores):
        bar.total, bar.n = chunks, done
        bar.refresh()
    bar.close()
    found = summarise(runner.gather(folders, request.replications), {name: designs[name].truth for name in names})
    counted = {name: own | {"replications": request.replications} for name, own in told.items()}
    _store(root, list(designs), found, counted)
    return f"Written: {root / SUMMARY}"


def _provenance(seed: int, inputs: Mapping[str, Path], design: str) -> dict[str, Any]:
    """Return what the replications of a design depend on; designs of the literature read no registers."""
    return {
        "code": code_hash(Path(str(runner.__file__)), _REPLICATE, _POOL),
        "inputs": {name: sha256(path) for name, path in inputs.items()} if design == REGISTERS else {},
        "packages": {name: version(name) for name in _PACKAGES},
        "seed": seed,
        "settings": SETTINGS.model_dump(mode="json"),
    }


def _key(provenance: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(provenance, sort_keys=True).encode()).hexdigest()[:16]


def _store(root: Path, order: Sequence[str], found: pd.DataFrame, told: Mapping[str, Any]) -> None:
    """Replace the designs that were run in the stored summary and its provenance."""
    before, known = [], {}
    if (root / SUMMARY).exists():
        before = [pd.read_csv(root / SUMMARY)]
        known = read_json(root / PROVENANCE)["designs"]
    # Through text, so that a design looks the same whenever it was run.
    new = pd.read_csv(io.StringIO(found.to_csv(index=False, float_format="%.6g")))
    parts = {name: own for table in (*before, new) for name, own in table.groupby("design", sort=False)}
    summary = pd.concat([parts[name] for name in order if name in parts])
    write_text(root / SUMMARY, summary.to_csv(index=False, float_format="%.6g", lineterminator="\n"))
    every = {**known, **told}
    write_json(root / PROVENANCE, {"designs": {name: every[name] for name in order if name in every}})


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


def _pool(inputs: Sequence[Path], folder: Path) -> Pool:
    """Return the pool of the design `registers`; it is fitted once for its inputs and code, and kept."""
    told = {"code": code_hash(Path(str(runner.__file__)), _POOL), "inputs": [sha256(path) for path in inputs]}
    kept = folder / f"pool-{_key(told)}.npz"
    if not kept.exists():
        sample = read_table(inputs[0])
        pool = build_pool(sample, read_table(inputs[1]), read_truth(inputs[2:], sample["person_id"]))
        with atomic_path(kept) as beside, beside.open("wb") as file:
            arrays: dict[str, Any] = pool._asdict()
            np.savez(file, **arrays)
    with np.load(kept) as arrays:
        return Pool(**{name: arrays[name] for name in Pool._fields})
