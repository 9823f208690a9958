"""Group average treatment effects: how the effect differs between groups, one characteristic at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.effects.ols import CONSTANT, fit_ols
from tiltakseffekt.effects.scores import FloatArray
from tiltakseffekt.heterogeneity.persons import measures, score_difference, with_characteristics


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


#: The five regressions of seed-004 Tabell 6-7 (l. 2935-2999), status at first registration (l. 2887-2892).
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


def estimate_gate(
    scores: pd.DataFrame, sample: pd.DataFrame, characteristics: pd.DataFrame, outcomes: Sequence[str]
) -> pd.DataFrame:
    """Regress the ATE score of each measure on a constant and group differences, one characteristic at a time.

    The score is that of the measure minus that of the control arm and exists for everybody, so a group of which nobody
    was on the measure has an estimate too; it then rests on the predictions and on the controls, and ``n_group_arm``
    says 0. Groups without persons are left out, and a characteristic whose base group is empty altogether
    (`missing_groupings`).

    Parameters
    ----------
    scores, sample, characteristics
        Tables with the schemas SCORES, SAMPLE and CHARACTERISTICS; the last may hold more persons than the sample.
    outcomes
        Outcomes to regress.

    Returns
    -------
    DataFrame
        Schema GATE; unit of the outcome.
    """
    persons, scores = with_characteristics(sample, characteristics, scores)
    rows = []
    for grouping in GROUPINGS:
        groups = persons[grouping.column]
        present = {value: term for value, term in grouping.terms.items() if (groups == value).any()}
        if grouping.base[0] not in present:
            continue
        dummies = pd.DataFrame({term: (groups == value).astype("int64") for value, term in present.items()})
        for outcome in outcomes:
            for arm in measures(scores, outcome):
                table = _regress(dummies, score_difference(scores, arm, outcome))
                table = table.assign(n_group=dummies.sum(), n_group_arm=dummies[persons["arm"] == arm].sum())
                rows.append(table.reset_index().assign(outcome=outcome, arm=arm, grouping=grouping.key))
    return pd.concat(rows, ignore_index=True)


def _regress(dummies: pd.DataFrame, effect: FloatArray) -> pd.DataFrame:
    """Regress on a constant and all dummies but the first, which names the constant; one row per term."""
    base, *others = map(str, dummies.columns)
    fit = fit_ols(dummies.assign(effect=effect), "effect", others, vcov="HC1")
    table = fit.table.rename(index={CONSTANT: base}).rename_axis(index="term")
    return table.assign(constant=table.index == base)


def missing_groupings(gate: pd.DataFrame) -> tuple[str, ...]:
    """List the groupings that were left out because nobody in the sample is in the base group."""
    return tuple(grouping.key for grouping in GROUPINGS if grouping.key not in set(gate["grouping"]))
