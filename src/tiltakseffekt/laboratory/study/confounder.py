"""The command `tiltak validate-confounder`: do the bounds hold the truth when the confounder is switched on?

Synthetic registers are written anew with a weight on the unobserved trait, which moves work and the choice of every
measure. The workflow runs on them as on extracts, and what it estimates is held against the planted truth. How strong
the trait is, is measured: by what it adds to the nuisances of the run.
"""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
import yaml
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM
from threadpoolctl import threadpool_limits

from tiltakseffekt.config.models import Configuration
from tiltakseffekt.core import keys
from tiltakseffekt.core.errors import Fault, FaultsFound, TiltakError
from tiltakseffekt.core.files import write_json, write_text
from tiltakseffekt.core.tables import read_table
from tiltakseffekt.laboratory.truth import compare_with_truth, read_truth
from tiltakseffekt.stages.effects.balancing import weight_features
from tiltakseffekt.stages.effects.confounding import (
    OUTCOMES,
    Nuisances,
    Problem,
    bounded_framework,
    bounds_under,
    compare_strength,
    read_problem,
    sensitivity_model,
)
from tiltakseffekt.stages.effects.scores import FloatArray
from tiltakseffekt.synthetic.delivery.deliver import deliver
from tiltakseffekt.synthetic.delivery.order import Order
from tiltakseffekt.synthetic.municipalities import draw_municipalities
from tiltakseffekt.synthetic.parameters import Parameters
from tiltakseffekt.synthetic.rules import trait
from tiltakseffekt.synthetic.simulate import draw_lives, numbers_of_shard
from tiltakseffekt.workflow.code import code_hash

#: Where the result and its provenance are kept, below the root of the project.
RESULT: Final = "config/laboratory/study/confounder.csv"
PROVENANCE: Final = "config/laboratory/study/confounder.json"
#: Columns of the result, in order: what each holds.
COLUMNS: Final = {
    "trait": "weight of the trait in the rate of finding work",
    "arm": "measure",
    "outcome": "outcome",
    "n_arm": "persons in the arm",
    "truth": "planted effect on them, unit of the outcome",
    "estimate": "ATET",
    "interval_low": "lower end of its confidence interval",
    "interval_high": "upper end of its confidence interval",
    "cf_y": "share of the variance of the outcome that the trait explains, 0-1",
    "cf_d": "share of the variance of the weights that is lost without it, 0-1",
    "low": "lower bound of the effect for a confounder of that strength",
    "high": "upper bound",
    "region_low": "lower end of the confidence region of the bounds",
    "region_high": "upper end",
    "group_low": "lower end of the region for a confounder as strong as innsatsgruppe",
    "group_high": "upper end",
}

_GROUP: Final = "gruppe_innsats"
_PACKAGES: Final = ("doubleml", "numba", "numpy", "pandas", "scipy", "statsmodels")
#: What the runs make of a variant and the study reads.
TABLES: Final = (
    "results/effects/{variant}/confounding.parquet",
    "results/effects/{variant}/estimates.parquet",
    "results/matching/{variant}/sample.parquet",
    "results/matching/{variant}/outcomes.parquet",
    "results/matching/{variant}/propensities.parquet",
    "results/matching/{variant}/repetition-1/outcome_predictions.parquet",
    "results/cohorts/{variant}/covariates.parquet",
)
#: Whose code stands in the provenance.
_COMPARE: Final = "tiltakseffekt.laboratory.study.confounder:compare_bounds"


class Request(NamedTuple):
    """Weights of the trait to try, processes, and the variant whose estimates are held against the truth."""

    weights: Sequence[float]
    cores: int
    variant: str


class RunFailed(TiltakError):
    """The workflow did not come to its end."""


def with_trait(parameters: Parameters, weight: float) -> Parameters:
    """Return the parameters of the simulation with another weight of the unobserved trait in finding work."""
    return parameters.model_copy(update={"work": parameters.work.model_copy(update={"trait": weight})})


def validate_confounder(
    request: Request, order: Order, configuration: Configuration, root: Path, workspace: Path
) -> str:
    """Run the study and store its result.

    Parameters
    ----------
    request
        Weights and cores.
    order
        The registers, but for the weight of the trait.
    configuration
        That of the variant, by which the workflow runs.
    root
        Folder of the project.
    workspace
        Where registers and results of the runs are kept; an interrupted study goes on from them.

    Returns
    -------
    str
        What was done.

    Raises
    ------
    FaultsFound
        If the request makes no sense.
    RunFailed
        If the workflow stops.
    """
    check_request(request)
    parts = []
    for weight in request.weights:
        own = replace(
            order,
            parameters=with_trait(order.parameters, weight),
            sources={**order.sources, "trait": f"{weight:g}"},
        )
        folder = workspace / f"trait-{weight:g}"
        deliver(own, folder / "extracts", request.cores, progress=True)
        _run(root, folder, own, request)
        parts.append(_compared(own, folder, configuration, request.variant).assign(trait=weight))
    result = pd.concat(parts, ignore_index=True)[list(COLUMNS)]
    write_text(root / RESULT, result.to_csv(index=False, float_format="%.6g", lineterminator="\n"))
    write_json(
        root / PROVENANCE,
        {
            "code": code_hash(Path(__file__), _COMPARE),
            "packages": {name: version(name) for name in _PACKAGES},
            "registers": dict(order.sources),
            "scale": order.scale,
            "seed": order.seed,
            "selection": order.parameters.selection.trait,
            "matching": configuration.matching.model_dump(mode="json"),
            "weights": list(request.weights),
        },
    )
    return f"Written: {root / RESULT}"


def check_request(request: Request) -> None:
    """Refuse weights that are missing, negative or twice, and less than one core; all faults at once."""
    weights = list(request.weights)
    rules = {
        ("--weights", "at least one weight is needed"): int(not weights),
        ("--weights", "weights are negative or no numbers"): sum(not 0 <= weight < np.inf for weight in weights),
        ("--weights", "weights stand twice"): len(weights) - len(set(weights)),
        ("--cores", "must be at least 1"): int(request.cores < 1),
    }
    if faults := [Fault(name, "", rule, count, "Mend it.") for (name, rule), count in rules.items() if count]:
        raise FaultsFound(faults)


def compare_bounds(
    problem: Problem, known: Nuisances, unknown: Nuisances, arm: int, outcome: int, level: float
) -> dict[str, float]:
    """Return estimate and bounds for the strength by which two sets of nuisances differ.

    Parameters
    ----------
    problem
        The sample, with the nuisances of the run.
    known, unknown
        Nuisances with the confounder and without, of one kind.
    arm, outcome
        Numbers of the arm and of the outcome.
    level
        One-sided level of each end of the region.
    """
    strength = compare_strength(*(sensitivity_model(problem, each, arm, outcome) for each in (known, unknown)))
    framework = bounded_framework(problem, sensitivity_model(problem, problem.nuisances, arm, outcome), arm, outcome)
    none, bounds = (bounds_under(framework, *shares, level) for shares in ((0.0, 0.0), strength[:2]))
    return {
        "estimate": float(framework.thetas[0]),
        "interval_low": none.region_low,
        "interval_high": none.region_high,
        "cf_y": strength.cf_y,
        "cf_d": strength.cf_d,
        **bounds._asdict(),
    }


def updated(problem: Problem, columns: FloatArray) -> Nuisances:
    """Return the nuisances of the run after they have been told something, and nothing else.

    Log odds of each arm against the controls get a logit in the columns with the log odds of the run as offset;
    predictions in each arm get the least-squares fit of their residuals to the columns. Models that differ by their
    columns alone tell what a column adds, without the smoothing of a forest.

    Parameters
    ----------
    problem
        The sample.
    columns
        What is told of each person, a constant among it, shape (N, c).
    """
    arm, control = problem.assignment.arm, list(problem.arms).index(keys.CONTROL)
    odds = np.ones_like(problem.nuisances.propensities)
    predictions = problem.nuisances.predictions.copy()
    with threadpool_limits(1, user_api="blas"):
        for k in range(len(problem.arms)):
            own = arm == k
            residuals = problem.outcomes[own] - predictions[own, k]
            predictions[:, k] += columns @ np.linalg.lstsq(columns[own], residuals, rcond=None)[0]
            if k != control:
                pair = own | (arm == control)
                offset = np.log(problem.nuisances.propensities[:, k] / problem.nuisances.propensities[:, control])
                logit = GLM(own[pair].astype(np.float64), columns[pair], family=Binomial(), offset=offset[pair]).fit()
                odds[:, k] = np.exp(offset + columns @ logit.params)
    return Nuisances(odds / odds.sum(axis=1, keepdims=True), predictions)


def _run(root: Path, folder: Path, order: Order, request: Request) -> None:
    """Run the workflow on the registers of a folder, as far as the study needs it."""
    work = folder / "run"
    work.mkdir(parents=True, exist_ok=True)
    extracts = {"path": str(folder / "extracts/registers"), "truth_path": str(folder / "extracts/truth")}
    registers = {"provider": "files", "shards": order.shards, **extracts}
    write_text(work / "overlay.yaml", yaml.safe_dump({"registers": registers}))
    call = [sys.executable, "-m", "snakemake", *(table.format(variant=request.variant) for table in TABLES)]
    call += ["--snakefile", str(root / "Snakefile"), "--directory", str(work)]
    call += ["--cores", str(request.cores), "--configfile", str(work / "overlay.yaml")]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    if done.returncode:
        write_text(work / "failed.log", done.stdout + done.stderr)
        raise RunFailed(f"The workflow stopped on the registers with the trait; see {work / 'failed.log'}")


def _compared(order: Order, folder: Path, configuration: Configuration, variant: str) -> pd.DataFrame:
    """Return the rows of one weight: what the run estimates, the truth, and the bounds for the trait."""
    effects = configuration.effects
    like, estimates, sample, outcomes, propensities, predictions, covariates = (
        read_table(folder / "run" / table.format(variant=variant)) for table in TABLES
    )
    problem = read_problem(
        sample,
        outcomes,
        propensities.query("repetition == 1"),
        predictions,
        normalise=effects.normalise,
        features=weight_features(effects, covariates, sample),
    )
    u = _traits(order, sample["person_id"]).set_index("person_id")["trait"]
    values = u.loc[sample["person_id"].sort_values()].to_numpy(np.float64)
    constant = np.ones((len(values), 1))
    known, unknown = updated(problem, np.column_stack([constant, values, values**2])), updated(problem, constant)
    truth = compare_with_truth(
        estimates,
        sample,
        read_truth(sorted((folder / "extracts/truth").glob("part-*.parquet")), sample["person_id"]),
        problem.arms,
    )
    planted = truth[truth["estimand"] == "atet"].set_index(["arm", "outcome"])["truth"]
    groups = like[like["benchmark"] == _GROUP].to_dict("records")
    rows: list[dict[str, Any]] = []
    for k, arm in enumerate(problem.arms):
        for q, outcome in enumerate(OUTCOMES if arm != keys.CONTROL else ()):
            (group,) = (row for row in groups if (row["arm"], row["outcome"]) == (arm, outcome))
            place = {"arm": arm, "outcome": outcome, "n_arm": int(group["n_arm"])}
            ends = {"group_low": group["region_low"], "group_high": group["region_high"]}
            found = compare_bounds(problem, known, unknown, k, q, 0.5 + effects.confidence / 2)
            rows.append(place | {"truth": float(planted[arm, outcome])} | found | ends)
    return pd.DataFrame(rows)


def _traits(order: Order, person_ids: pd.Series) -> pd.DataFrame:
    """Return the trait of some persons; lives are drawn once more, since registers do not hold it."""
    places = draw_municipalities(order.seed, order.parameters, order.codebooks)
    parts = []
    for shard in range(order.shards):
        number = numbers_of_shard(order.parameters.fitted.persons, order.scale, order.shards, shard)
        persons = draw_lives(order.seed, number, order.parameters, order.codebooks, places).persons
        parts.append(
            pd.DataFrame({"person_id": [f"{one:010d}" for one in number], "trait": trait(order.seed, persons.key)})
        )
    every = pd.concat(parts, ignore_index=True)
    return every[every["person_id"].isin(set(person_ids))]
