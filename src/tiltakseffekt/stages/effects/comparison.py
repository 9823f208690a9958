"""The effect on the treated of each measure by several estimators, on the same sample and covariates."""

import logging
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from tiltakseffekt.core import keys
from tiltakseffekt.stages.effects.comparators import Mask
from tiltakseffekt.stages.effects.estimators import COMPARATORS, DOUBLY_ROBUST, INSTRUMENT, Comparison, Persons
from tiltakseffekt.stages.effects.fixed_effects import month_dummies
from tiltakseffekt.stages.effects.instrument import Instrumented, instrumented, share_of_others
from tiltakseffekt.stages.effects.matched import Estimates, fit_controls
from tiltakseffekt.stages.effects.schemas import ESTIMATOR_COMPARISON, FIRST_STAGES
from tiltakseffekt.stages.effects.scores import FloatArray
from tiltakseffekt.stages.matching.samples import arm_codes, arms_present, covariate_matrix

LOGGER = logging.getLogger("tiltakseffekt.stages.effects")


class ComparisonTables(NamedTuple):
    """The tables of the rule (schemas ESTIMATOR_COMPARISON and FIRST_STAGES)."""

    estimates: pd.DataFrame
    first_stages: pd.DataFrame


def compare_estimators(
    sample: pd.DataFrame,
    outcomes: pd.DataFrame,
    propensities: pd.DataFrame,
    covariates: pd.DataFrame,
    offices: pd.DataFrame,
    estimates: pd.DataFrame,
    confidence: float,
) -> ComparisonTables:
    """Estimate the ATET on yearly outcomes by each estimator; see docs/method for what each is.

    Parameters
    ----------
    sample, outcomes, propensities, covariates, offices, estimates
        Tables with the schemas SAMPLE, OUTCOMES, BOUNDED_PROPENSITIES, COVARIATES, OFFICES and ESTIMATES; the doubly
        robust estimates are taken from the last.
    confidence
        Level of the intervals: normal, but for the instrument those of Anderson and Rubin.

    Returns
    -------
    ComparisonTables
        An estimator that can say nothing of a measure has no row there; how often goes to the log.
    """
    arms = arms_present(sample, keys.arms_of(propensities))
    measured = [outcome for outcome in keys.ALL_YEARLY_OUTCOMES if outcome in outcomes]
    persons = _persons(sample, arms, measured, outcomes, propensities, covariates, offices)
    controls = persons.arm == 0
    regression = fit_controls(persons.x[controls], persons.outcomes[controls])
    rows, with_interval, stages = [_doubly_robust(estimates, measured)], [], []
    for code, arm in enumerate(arms[1:], 1):
        members = persons.arm == code
        comparison = Comparison(persons, code, regression)
        for estimator, estimate in COMPARATORS.items():
            rows.append(_rows(estimator, arm, measured, *estimate(comparison), members))
        practice, used = _practice(persons, code)
        if (by_practice := _instrumented(persons, members, practice, used, confidence)) is not None:
            own = _rows(INSTRUMENT, arm, measured, by_practice.estimates, used, members)
            with_interval.append(own.assign(**by_practice.intervals._asdict()))
            stage = by_practice.stage
            n_arm = int((used & members).sum())
            stages.append({"arm": arm, **stage._asdict(), "weak": stage.weak, "n_arm": n_arm})
    table = pd.concat(rows, ignore_index=True)
    half = float(stats.norm.ppf(0.5 + confidence / 2)) * table["se"]
    table = table.assign(shape="between", low=table["estimate"] - half, high=table["estimate"] + half)
    table = pd.concat([table, *with_interval], ignore_index=True)
    usable = np.isfinite(table["estimate"]) & np.isfinite(table["se"]) & (table["se"] > 0)
    LOGGER.info("%d estimates, %d could not be formed", usable.sum(), (~usable).sum())
    table = table[usable]
    return ComparisonTables(
        table[list(ESTIMATOR_COMPARISON.columns)].reset_index(drop=True),
        pd.DataFrame(stages, columns=list(FIRST_STAGES.columns)),
    )


def _persons(
    sample: pd.DataFrame,
    arms: list[str],
    measured: list[str],
    outcomes: pd.DataFrame,
    propensities: pd.DataFrame,
    covariates: pd.DataFrame,
    offices: pd.DataFrame,
) -> Persons:
    ordered = sample.sort_values("person_id")
    ids = ordered["person_id"]
    columns = [keys.propensity_column(arm) for arm in arms]
    return Persons(
        arm=arm_codes(ordered, arms),
        x=covariate_matrix(covariates, ids),
        propensities=propensities.groupby("person_id")[columns].mean().loc[ids].to_numpy(np.float64),
        outcomes=outcomes.set_index("person_id").loc[ids, measured].to_numpy(np.float64),
        office=np.asarray(pd.factorize(offices.set_index("person_id")["office"].loc[ids], sort=True)[0], np.int64),
        month=ordered["start_month"].to_numpy(np.int64),
    )


def _doubly_robust(estimates: pd.DataFrame, measured: list[str]) -> pd.DataFrame:
    chosen = estimates[(estimates["estimand"] == "atet") & estimates["outcome"].isin(measured)]
    return chosen[["arm", "outcome", "estimate", "se", "n_arm"]].assign(estimator=DOUBLY_ROBUST, n=chosen["n"])


def _rows(estimator: str, arm: str, measured: list[str], found: Estimates, used: Mask, members: Mask) -> pd.DataFrame:
    return pd.DataFrame(
        {"estimator": estimator, "arm": arm, "outcome": measured, "estimate": found.values, "se": found.errors}
    ).assign(n=int(used.sum()), n_arm=int((used & members).sum()))


def _practice(persons: Persons, code: int) -> tuple[FloatArray, Mask]:
    """Return the practice of the office towards the others of the sample, and for whom it is known.

    The first column is the share on this measure, the others are the shares on each of the other measures, which are
    held constant: an office may use more of one instead of another.
    """
    measures = [code, *(other for other in range(1, persons.arm.max() + 1) if other != code)]
    shares = np.column_stack([share_of_others(persons.arm == measure, persons.office) for measure in measures])
    used = ((persons.arm == 0) | (persons.arm == code)) & np.isfinite(shares[:, 0])
    return shares, used


def _instrumented(
    persons: Persons, members: Mask, practice: FloatArray, used: Mask, confidence: float
) -> Instrumented | None:
    if not used.any():
        return None
    return instrumented(
        np.column_stack([persons.x, month_dummies(persons.month), practice[:, 1:]])[used],
        members[used].astype(np.float64),
        persons.outcomes[used],
        practice[used, 0],
        persons.office[used],
        confidence,
    )
