"""Group average treatment effects: how the effect differs between groups, one characteristic at a time, and tests."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.core.randomness import named_generator
from tiltakseffekt.stages.effects.ols import CONSTANT, fit_ols
from tiltakseffekt.stages.effects.scores import FloatArray, IntArray, covariance
from tiltakseffekt.stages.effects.settings import BootstrapSettings
from tiltakseffekt.stages.heterogeneity.linear import least_squares, wald_test
from tiltakseffekt.stages.heterogeneity.many_tests import holm, romano_wolf
from tiltakseffekt.stages.heterogeneity.persons import Scored, measures, score_difference, with_characteristics


@dataclass(frozen=True)
class Grouping:
    """A characteristic at first registration, its base group and its other groups.

    Parameters
    ----------
    key
        Value of ``grouping`` in the schema GATE.
    column
        Column of the characteristics.
    base
        Value of the base group and its term, the constant.
    others
        Values of the other groups and their terms, in the order of Tabell 6-7.
    """

    key: str
    column: str
    base: tuple[object, str]
    others: Mapping[object, str]

    @property
    def terms(self) -> dict[object, str]:
        """Return the term of each value, the base group first."""
        return {self.base[0]: self.base[1], **self.others}


def _same(values: Sequence[str]) -> dict[object, str]:
    return {value: value for value in values}


#: The five regressions of effektrapport_2024 Tabell 6-7 (l. 2935-2999), status at first registration (l. 2887-2892).
GROUPINGS: Final = (
    Grouping("innsatsgruppe", "reduced_capacity", (False, "konstant_arbeidssoker"), {True: "nedsatt_arbeidsevne"}),
    Grouping("sex", "sex", (keys.SEXES[0], "konstant_mann"), _same(keys.SEXES[1:])),
    Grouping("age_group", "age_group", (keys.AGE_GROUPS[0], "konstant_under_20_ar"), _same(keys.AGE_GROUPS[1:])),
    Grouping(
        "landgruppe", "landgruppe", (keys.LANDGRUPPER[0], "konstant_ikke_innvandrer"), _same(keys.LANDGRUPPER[1:])
    ),
    Grouping(
        "ledighetskategori",
        "ledighetskategori",
        (keys.LEDIGHETSKATEGORIER[0], "konstant_i_arbeid"),
        _same(keys.LEDIGHETSKATEGORIER[1:]),
    ),
)
#: Value of ``grouping`` in the schema GATE_TESTS for the test over all characteristics.
ALL_GROUPINGS: Final = "all"


class GateTables(NamedTuple):
    """Group effects (schema GATE) and joint tests of them (schema GATE_TESTS)."""

    gate: pd.DataFrame
    tests: pd.DataFrame


class _Regression(NamedTuple):
    """A row per term with its key, and the influence values of the differences, shape (N, K - 1)."""

    table: pd.DataFrame
    influence: FloatArray


def estimate_gate(scored: Scored, outcomes: Sequence[str], bootstrap: BootstrapSettings, seed: int) -> GateTables:
    """Regress the ATE score of each measure on a constant and group differences, one characteristic at a time.

    The score is that of the measure minus that of the control arm and exists for everybody, so a group of which nobody
    was on the measure has an estimate too; it then rests on the predictions and on the controls, and ``n_group_arm``
    says 0. Groups without persons are left out, and a characteristic whose base group is empty altogether
    (`missing_groupings`).

    Parameters
    ----------
    scored
        Persons, their characteristics and scores.
    outcomes
        Outcomes to regress.
    bootstrap, seed
        Draws of the multipliers for the adjusted p-values, and ``run.seed`` of the configuration.

    Returns
    -------
    GateTables
        Unit of the outcome. One family of tests for each outcome: the group differences of all measures of Tabell 6-7.
    """
    persons, scores = with_characteristics(scored.sample, scored.characteristics, scored.scores)
    cluster, arms = scored.cluster, scored.arms
    dummies = dict(_dummies(persons))
    parts = []
    for outcome in outcomes:
        effects = {arm: score_difference(scores, arm, outcome) for arm in measures(scores, outcome, arms)}
        random = named_generator(seed, "heterogeneity", "multipliers", outcome)
        found = compare_groups(effects, persons["arm"], dummies, arms.measures, bootstrap, random, cluster)
        parts.append([table.assign(outcome=outcome) for table in found])
    return GateTables(*(pd.concat(tables, ignore_index=True) for tables in zip(*parts, strict=True)))


def compare_groups(
    effects: Mapping[Any, FloatArray],
    arm_of: pd.Series,
    dummies: Mapping[str, pd.DataFrame],
    tested: Collection[Any],
    bootstrap: BootstrapSettings,
    random: np.random.Generator,
    cluster: IntArray | None = None,
) -> GateTables:
    """Regress the scores of effects on one outcome on groups, one characteristic at a time.

    Parameters
    ----------
    effects
        Scores of the effect of each arm, shape (N,).
    arm_of
        Arm of each person.
    dummies
        For each characteristic a column of 0 and 1 for each of its groups, all with persons, the base group first.
    tested
        Arms whose group differences are one family of tests.
    bootstrap, random
        Draws of the multipliers for the adjusted p-values, and their generator.
    cluster
        As in `estimate_gate`.

    Returns
    -------
    GateTables
        As of `estimate_gate`, without the outcome.
    """
    regressions, tests = [], []
    for arm, effect in effects.items():
        of_arm = []
        for grouping, groups in dummies.items():
            table, influence = _regress(groups, effect, cluster)
            table = table.assign(
                n_group=groups.sum(), n_group_arm=groups[arm_of == arm].sum(), arm=arm, grouping=grouping
            )
            of_arm.append(_Regression(table.reset_index(), influence))
        regressions += of_arm
        tests += [_joint_test([one], one.table["grouping"].iloc[0], cluster) for one in of_arm]
        tests += [_joint_test(of_arm, ALL_GROUPINGS, cluster)]
    joint = pd.DataFrame(tests)
    family = joint["p_value"].where(joint["arm"].isin(tested))
    joint["p_holm"] = family.groupby(joint["grouping"]).transform(lambda p: holm(p.to_numpy()))
    return GateTables(_adjusted(regressions, tested, bootstrap, random, cluster), joint)


def _dummies(persons: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield each characteristic whose base group has persons, with a column per group that has, the base first."""
    for grouping in GROUPINGS:
        groups = persons[grouping.column]
        present = {value: term for value, term in grouping.terms.items() if (groups == value).any()}
        if grouping.base[0] in present:
            yield (
                grouping.key,
                pd.DataFrame({term: (groups == value).astype("int64") for value, term in present.items()}),
            )


def _regress(dummies: pd.DataFrame, effect: FloatArray, cluster: IntArray | None) -> _Regression:
    """Regress on a constant and all dummies but the first, which names the constant."""
    base, *others = map(str, dummies.columns)
    data = dummies.assign(effect=effect)
    if cluster is None:
        fit = fit_ols(data, "effect", others, vcov="HC1")
    else:
        fit = fit_ols(data.assign(cluster=cluster), "effect", others, vcov="CRV1", cluster="cluster")
    table = fit.table.rename(index={CONSTANT: base}).rename_axis(index="term")
    regressors = dummies.assign(**{base: 1}).to_numpy(np.float64)
    return _Regression(
        table.assign(constant=table.index == base), least_squares(regressors, effect, cluster).influence[:, 1:]
    )


def _joint_test(regressions: Sequence[_Regression], grouping: str, cluster: IntArray | None) -> dict[str, object]:
    """Test that the effect of a measure is the same in all groups of one or several regressions."""
    tables = pd.concat([regression.table for regression in regressions], ignore_index=True)
    joint = covariance(np.column_stack([regression.influence for regression in regressions]), cluster)
    test = wald_test(tables.loc[~tables["constant"], "estimate"].to_numpy(np.float64), joint)
    return {"arm": tables["arm"][0], "grouping": grouping} | test._asdict()


def _adjusted(
    regressions: Sequence[_Regression],
    tested_arms: Collection[Any],
    bootstrap: BootstrapSettings,
    random: np.random.Generator,
    cluster: IntArray | None,
) -> pd.DataFrame:
    """Add p-values that allow for all differences of the arms that are tested."""
    table = pd.concat([regression.table for regression in regressions], ignore_index=True)
    differences = table[~table["constant"]]
    tested = differences["arm"].isin(tested_arms) & (differences["se"] > 0)
    t_values = (differences["estimate"] / differences["se"]).where(tested).to_numpy(np.float64)
    influence = np.column_stack([regression.influence for regression in regressions])
    adjusted = pd.DataFrame(
        {
            "p_holm": holm(differences["p_value"].where(tested).to_numpy(np.float64)),
            "p_romano_wolf": romano_wolf(t_values, influence, bootstrap, random, cluster),
        },
        index=differences.index,
    )
    return table.join(adjusted)


def missing_groupings(gate: pd.DataFrame) -> tuple[str, ...]:
    """List the groupings that were left out because nobody in the sample is in the base group."""
    return tuple(grouping.key for grouping in GROUPINGS if grouping.key not in set(gate["grouping"]))
