"""From arrays to tables of effects, by the functions of the evaluation."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy import stats

from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.core.randomness import named_generator
from tiltakseffekt.estimate.columns import FILE
from tiltakseffekt.estimate.options import Plan
from tiltakseffekt.estimate.problem import Problem
from tiltakseffekt.estimate.result import ALL_GROUPS, Effects
from tiltakseffekt.stages.effects.averages import Average, average_effects, find_weights
from tiltakseffekt.stages.effects.balancing import balancing_features
from tiltakseffekt.stages.effects.repetitions import median_of_repetitions, rescaled
from tiltakseffekt.stages.effects.scores import (
    Assignment,
    FloatArray,
    IntArray,
    covariance,
    potential_outcome_scores,
    standard_errors,
)
from tiltakseffekt.stages.effects.simultaneous import critical_values
from tiltakseffekt.stages.heterogeneity.gate import ALL_GROUPINGS, compare_groups
from tiltakseffekt.stages.heterogeneity.linear import least_squares
from tiltakseffekt.stages.matching.differences import standardised_difference
from tiltakseffekt.stages.matching.folds import repetition_seed
from tiltakseffekt.stages.matching.nuisances import CrossFitted, cross_fit
from tiltakseffekt.stages.matching.overlap import Bools, effective_number, kept_persons, raised, share_of_largest

#: Estimands that are shown, by the names of `Average`.
_SHOWN: Final = {"apo": "mean", "ate": "ATE", "atet": "ATET"}
#: Intervals of these hold at once for all arms and outcomes.
_FAMILIES: Final = ("ATE", "ATET")
_CONTROL: Final = 0


@dataclass(frozen=True)
class Fit:
    """What was learned of all N rows, and what follows for the n rows that are kept, by repetition.

    Parameters
    ----------
    fitted
        Folds, raw propensities and predictions of each repetition, of all rows.
    kept
        Rows that trimming leaves, shape (N,).
    assignments
        Arms, folds and bounded propensities of each repetition, of the rows kept.
    """

    fitted: tuple[CrossFitted, ...]
    kept: Bools
    assignments: tuple[Assignment, ...]


def fit(problem: Problem, plan: Plan) -> Fit:
    """Fit the nuisance functions of each repetition, trim and bound the propensities.

    Raises
    ------
    FaultsFound
        If trimming leaves nobody in an arm, or a row has a probability of zero for its own arm.
    """
    # Draws belong to the place of an arm, so that its label does not matter.
    names = [str(place) for place in range(len(problem.labels))]
    seeds = [repetition_seed(number, plan.seed) for number in range(1, plan.matching.repetitions + 1)]
    fitted = tuple(
        cross_fit(problem.x, problem.arm, problem.outcomes, names, plan.matching, seed, plan.threads) for seed in seeds
    )
    overlap = plan.matching.overlap
    kept = kept_persons(np.mean([each.propensities for each in fitted], axis=0), problem.arm, overlap)
    arm = problem.arm[kept]
    bounded = [raised(each.propensities[kept], overlap.clip) for each in fitted]
    if faults := [*_overlap_faults(problem, arm, bounded)]:
        raise FaultsFound(faults)
    features = balancing_features(plan.effects, problem.x[kept])
    assignments = tuple(
        Assignment(arm, each.folds[kept], e, plan.effects.normalise, features)
        for each, e in zip(fitted, bounded, strict=True)
    )
    return Fit(fitted, kept, assignments)


def _overlap_faults(problem: Problem, arm: IntArray, bounded: list[FloatArray]) -> Iterator[Fault]:
    counts = np.bincount(arm, minlength=len(problem.labels))
    if empty := int((counts == 0).sum()):
        yield Fault(
            FILE, problem.columns.arm, "trimming leaves nobody in an arm; arms", empty, "Change the option trim."
        )
    own = np.min([np.take_along_axis(e, arm[:, None], axis=1)[:, 0] for e in bounded], axis=0)
    if zero := int((own <= 0).sum()):
        remedy = "Give the option clip a floor, or trim."
        yield Fault(FILE, problem.columns.arm, "the probability of the own arm is zero; rows", zero, remedy)


def tabulate(problem: Problem, found: Fit, plan: Plan, index: pd.Index) -> Effects:
    """Form scores and all tables.

    Parameters
    ----------
    problem, found, plan
        Data, nuisance functions and options.
    index
        Index of the data frame.
    """
    kept, share = found.kept, 1 / len(found.fitted)
    outcomes = problem.outcomes[kept]
    cluster = _renumbered(problem.cluster, kept)
    values, errors = [], []
    influence: FloatArray = np.zeros(())
    scores: FloatArray = np.zeros(())
    averages: list[Average] = []
    for assignment, fitted in zip(found.assignments, found.fitted, strict=True):
        predicted = fitted.predictions[kept]
        weights = find_weights(assignment, _CONTROL)
        of_repetition = potential_outcome_scores(assignment, outcomes, predicted, weights.of_all)
        every = average_effects(assignment, weights, outcomes, predicted, of_repetition, _CONTROL)
        averages = [each for each in every if each.estimand in _SHOWN]
        own = np.column_stack([each.influence for each in averages])
        values.append(np.concatenate([each.values for each in averages]))
        errors.append(standard_errors(own, cluster))
        influence, scores = influence + own * share, scores + of_repetition * share
    names = pd.DataFrame(
        [
            {"estimand": _SHOWN[each.estimand], "arm": problem.labels[each.arm], "outcome": outcome}
            for each in averages
            for outcome in problem.columns.outcomes
        ]
    )
    estimate, error = median_of_repetitions(np.array(values), np.array(errors))
    table = _with_intervals(names.assign(estimate=estimate, se=error), influence, plan, cluster)
    counts = dict(zip(problem.labels, np.bincount(problem.arm[kept]).tolist(), strict=True))
    table["n_arm"], table["n_control"] = table["arm"].map(counts), counts[problem.labels[_CONTROL]]
    labelled = pd.MultiIndex.from_frame(names)
    joint = pd.DataFrame(rescaled(covariance(influence, cluster), error), index=labelled, columns=labelled)
    gate, tests = _groups(problem, kept, scores, plan, cluster)
    return Effects(
        columns=problem.columns,
        labels=problem.labels,
        plan=plan,
        averages=table,
        covariance=joint,
        gate=gate,
        gate_tests=tests,
        overlap=_overlap(problem, found, plan),
        balance=_balance(problem, found),
        nuisances=_nuisances(problem, found, index),
        rows=_rows(problem, kept),
        constant=problem.constant,
    )


def _renumbered(cluster: IntArray | None, kept: Bools) -> IntArray | None:
    """Return the clusters of the rows kept, again without gaps."""
    return None if cluster is None else np.unique(cluster[kept], return_inverse=True)[1].astype(np.int64)


def _with_intervals(table: pd.DataFrame, influence: FloatArray, plan: Plan, cluster: IntArray | None) -> pd.DataFrame:
    """Add intervals, those that hold for all effects of an estimand at once, and p-values of each effect alone."""
    half = float(stats.norm.ppf(0.5 + plan.effects.confidence / 2))
    effects = table["estimand"].isin(_FAMILIES).to_numpy()
    family = table.loc[effects, "estimand"].map(_FAMILIES.index).to_numpy(np.int64)
    bootstrap = plan.effects.bootstrap
    if (family == 0).sum() > 1:
        factors = critical_values(
            influence[:, effects],
            family,
            plan.effects.confidence,
            bootstrap.draws,
            bootstrap.multiplier,
            named_generator(plan.seed, "effects", "multipliers"),
            cluster,
        )
    else:
        # One effect is no family; the bootstrap would only add its noise.
        factors = np.full(len(_FAMILIES), half)
    table = table.assign(low=table["estimate"] - half * table["se"], high=table["estimate"] + half * table["se"])
    wide = table.loc[effects, "se"] * factors[family]
    table["simultaneous_low"], table["simultaneous_high"] = table["estimate"] - wide, table["estimate"] + wide
    t = (table["estimate"].abs() / table["se"]).where((table["se"] > 0) & effects)
    return table.assign(p_value=2 * stats.norm.sf(t))


def _groups(
    problem: Problem, kept: Bools, scores: FloatArray, plan: Plan, cluster: IntArray | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return effects by group, with their differences from the first group, and joint tests of the differences."""
    if not problem.groups:
        return pd.DataFrame(), pd.DataFrame()
    half = float(stats.norm.ppf(0.5 + plan.effects.confidence / 2))
    labels = pd.Series(problem.labels, dtype=object)
    arm_of = pd.Series(problem.arm[kept])
    dummies = {name: pd.get_dummies(each.codes[kept]).astype(np.int64) for name, each in problem.groups.items()}
    dummies = {name: table.rename(columns="group {}".format) for name, table in dummies.items()}
    levels = {
        (name, f"group {place}"): level
        for name, each in problem.groups.items()
        for place, level in enumerate(each.levels)
    }
    parts, tests = [], []
    for q, outcome in enumerate(problem.columns.outcomes):
        effects = {arm: scores[:, arm, q] - scores[:, _CONTROL, q] for arm in range(1, len(labels))}
        random = named_generator(plan.seed, "heterogeneity", "multipliers", outcome)
        table, joint = compare_groups(effects, arm_of, dummies, tuple(effects), plan.effects.bootstrap, random, cluster)
        own = [
            least_squares(members.to_numpy(np.float64), effect, cluster)
            for effect in effects.values()
            for members in dummies.values()
        ]
        table["effect"] = np.concatenate([each.coefficients for each in own])
        table["effect_se"] = np.concatenate([standard_errors(each.influence, cluster) for each in own])
        parts.append(table.assign(outcome=outcome))
        tests.append(joint.assign(outcome=outcome))
    gate, joint = pd.concat(parts, ignore_index=True), pd.concat(tests, ignore_index=True)
    difference = gate[["estimate", "se", "p_value", "p_holm", "p_romano_wolf"]].where(~gate["constant"])
    gate = pd.DataFrame(
        {
            "arm": gate["arm"].map(labels),
            "outcome": gate["outcome"],
            "group": gate["grouping"],
            "level": [levels[key] for key in zip(gate["grouping"], gate["term"], strict=True)],
            "estimate": gate["effect"],
            "se": gate["effect_se"],
            "low": gate["effect"] - half * gate["effect_se"],
            "high": gate["effect"] + half * gate["effect_se"],
            "difference": difference["estimate"],
            "difference_se": difference["se"],
            "p_value": difference["p_value"],
            "p_holm": difference["p_holm"],
            "p_romano_wolf": difference["p_romano_wolf"],
            "n": gate["n_group"],
            "n_arm": gate["n_group_arm"],
        }
    )
    joint = joint.rename(columns={"grouping": "group"}).replace({"group": {ALL_GROUPINGS: ALL_GROUPS}})
    columns = ["arm", "outcome", "group", "statistic", "df", "p_value", "p_holm"]
    return gate, joint.assign(arm=joint["arm"].map(labels))[columns]


def _overlap(problem: Problem, found: Fit, plan: Plan) -> pd.DataFrame:
    """Describe for each arm how it overlaps with the controls, in the first repetition."""
    assignment, raw = found.assignments[0], found.fitted[0].propensities
    arm, low = assignment.arm, raw[found.kept] < plan.matching.overlap.clip
    rows = []
    for code, label in enumerate(problem.labels):
        if code == _CONTROL:
            continue
        own = assignment.propensities[:, code]
        controls = arm == _CONTROL
        weights = assignment.weights_of_treated(code, _CONTROL)[controls]
        percentiles = {
            f"{group}_p{share:02d}": float(np.quantile(own[members], share / 100))
            for group, members in (("arm", arm == code), ("control", controls))
            for share in (1, 50, 99)
        }
        rows.append(
            {
                "arm": label,
                "n_arm": int((arm == code).sum()),
                "n_control": int(controls.sum()),
                **percentiles,
                "raised": int(low[:, code].sum()),
                "effective_controls": effective_number(weights),
                "largest_weights": share_of_largest(weights, 0),
            }
        )
    return pd.DataFrame(rows)


def _balance(problem: Problem, found: Fit) -> pd.DataFrame:
    """Compare covariates of each arm with those of the controls, as they are and as the ATET weights them."""
    assignment, x = found.assignments[0], problem.x[found.kept]
    controls = assignment.arm == _CONTROL
    parts = []
    for code, label in enumerate(problem.labels):
        if code == _CONTROL:
            continue
        own, weights = x[assignment.arm == code], assignment.weights_of_treated(code, _CONTROL)[controls]
        part = pd.DataFrame({"covariate": problem.terms}).assign(
            before=standardised_difference(own, x[controls]), after=standardised_difference(own, x[controls], weights)
        )
        part.insert(0, "arm", label)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _nuisances(problem: Problem, found: Fit, index: pd.Index) -> pd.DataFrame:
    """Return what the first repetition learned of each row that is used, in the order of the data frame.

    Propensities are bounded for rows that are kept and raw for those trimmed.
    """
    fitted, propensities = found.fitted[0], found.fitted[0].propensities.copy()
    propensities[found.kept] = found.assignments[0].propensities
    columns: dict[tuple[str, object, str], object] = {
        ("kept", "", ""): found.kept,
        ("fold", "", ""): fitted.folds,
    }
    columns |= {("propensity", label, ""): propensities[:, k] for k, label in enumerate(problem.labels)}
    columns |= {
        ("prediction", label, outcome): fitted.predictions[:, k, q]
        for k, label in enumerate(problem.labels)
        for q, outcome in enumerate(problem.columns.outcomes)
    }
    order = np.argsort(problem.place)
    table = pd.DataFrame(columns, index=index[problem.place]).iloc[order]
    return table.rename_axis(columns=["what", "arm", "outcome"])


def _rows(problem: Problem, kept: Bools) -> pd.DataFrame:
    """Count the rows of the data frame: left out for missing values (and in which columns), trimmed, used."""
    used = len(problem.arm)
    missing = {f"missing: {name}": count for name, count in problem.missing.items() if count}
    counts = {"given": problem.given, **missing, "left out as incomplete": problem.given - used}
    counts |= {"trimmed": int((~kept).sum()), "used": int(kept.sum())}
    return pd.DataFrame({"rows": list(counts), "count": list(counts.values())})
