"""Estimated effects beside the planted truth of synthetic registers. Nothing outside this stage reads the truth."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from tiltakseffekt.core import keys
from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.laboratory.schemas import FIFTHS_TRUTH, TRUTH_COMPARISON


def read_truth(paths: Sequence[str | Path], person_ids: pd.Series) -> pd.DataFrame:
    """Read the planted yearly outcomes of some persons.

    Parameters
    ----------
    paths
        Parts of the truth, schema TRUTH.
    person_ids
        Persons to read; the registers hold many more.

    Returns
    -------
    DataFrame
        ``person_id``, ``registration_month``, ``arm`` and the yearly outcomes; no rows when there are no parts.
    """
    columns = ["person_id", "registration_month", "arm", *keys.YEARLY_OUTCOMES]
    wanted = [("person_id", "in", set(person_ids))]
    parts = [pq.read_table(path, columns=columns, filters=wanted).to_pandas() for path in paths]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def check_truth_path(truth_path: str | None, paths: Sequence[str]) -> None:
    """Refuse a folder for the truth that holds no part of it.

    Raises
    ------
    FaultsFound
        If a folder is configured and no part was found in it.
    """
    if truth_path and not paths:
        rule = "the folder has no file part-*.parquet"
        remedy = "Mend the path, or leave it empty when there is no truth."
        raise FaultsFound([Fault("config", "registers.truth_path", rule, 1, remedy)])


def compare_with_truth(
    estimates: pd.DataFrame, sample: pd.DataFrame, truth: pd.DataFrame, arms: Sequence[str]
) -> pd.DataFrame:
    """Set ATE and ATET on yearly outcomes beside the average planted effect over the same persons.

    The truth of an ATET is the mean of Y(arm) - Y(control) over the persons of the sample in the arm, that of an ATE
    the mean over the whole sample, with both potential outcomes counted from the planted (latent) start of the person.

    Parameters
    ----------
    estimates, sample
        Tables with the schemas ESTIMATES and SAMPLE.
    truth
        What `read_truth` returns.
    arms
        The arms with planted outcomes: those of the evaluation but chains.

    Returns
    -------
    DataFrame
        Schema TRUTH_COMPARISON; without rows when there is no truth.

    Raises
    ------
    FaultsFound
        If persons of the sample have no planted outcome, or two, under some arm.
    """
    if truth.empty:
        return pd.DataFrame(columns=list(TRUTH_COMPARISON.columns))
    effects = estimates[
        estimates["estimand"].isin(["ate", "atet"]) & estimates["outcome"].isin(list(keys.YEARLY_OUTCOMES))
    ]
    treated = [arm for arm in arms if arm in set(effects["arm"])]
    planted, arm_of = planted_outcomes(sample, truth, [keys.CONTROL, *treated])
    averages = []
    for arm in treated:
        effect = _effect(planted, arm, arm_of.index)
        averages.append(_average(effect, "ate", arm))
        averages.append(_average(effect[arm_of == arm], "atet", arm))
    compared = effects.merge(pd.concat(averages), on=["estimand", "arm", "outcome"], validate="one_to_one")
    return compared.assign(
        error_in_se=(compared["estimate"] - compared["truth"]) / compared["se"],
        covered=compared["truth"].between(compared["low"], compared["high"]),
    )[list(TRUTH_COMPARISON.columns)]


def compare_fifths(
    fifths: pd.DataFrame, sample: pd.DataFrame, truth: pd.DataFrame, arms: Sequence[str]
) -> pd.DataFrame:
    """Return the average planted effect over the persons of each fifth of the predicted effect.

    Parameters
    ----------
    fifths, sample
        Tables with the schemas FIFTHS and SAMPLE.
    truth
        What `read_truth` returns.
    arms
        The arms with planted outcomes: those of the evaluation but chains.

    Returns
    -------
    DataFrame
        Schema FIFTHS_TRUTH; without rows when there is no truth.

    Raises
    ------
    FaultsFound
        If persons of the sample have no planted outcome, or two, under some arm.
    """
    sorted_arms = fifths[fifths["arm"].isin(list(arms)) & fifths["outcome"].isin(list(keys.YEARLY_OUTCOMES))]
    if truth.empty or sorted_arms.empty:
        return pd.DataFrame(columns=list(FIFTHS_TRUTH.columns))
    planted, _ = planted_outcomes(sample, truth, [keys.CONTROL, *sorted_arms["arm"].unique()])
    rows = []
    for (outcome, arm), persons in sorted_arms.groupby(["outcome", "arm"]):
        fifth = persons.set_index("person_id")["fifth"]
        means = _effect(planted, str(arm), fifth.index)[outcome].groupby(fifth).agg(["mean", "size"])
        table = means.rename(columns={"mean": "truth", "size": "n"}).reset_index()
        rows.append(table.assign(outcome=str(outcome), arm=str(arm), group="fifth_" + table["fifth"].astype(str)))
    return pd.concat(rows, ignore_index=True).drop(columns="fifth")


def planted_outcomes(sample: pd.DataFrame, truth: pd.DataFrame, arms: Sequence[str]) -> tuple[pd.DataFrame, pd.Series]:
    """Return the planted outcomes of the persons of a sample by arm and person, and the arm of each person.

    Parameters
    ----------
    sample
        Schema SAMPLE.
    truth
        What `read_truth` returns, not empty.
    arms
        Arms under which there must be outcomes.

    Raises
    ------
    FaultsFound
        If persons of the sample have no planted outcome, or two, under some arm.
    """
    registrations = sample[["person_id", "registration_month"]]
    planted = truth.merge(registrations, on=["person_id", "registration_month"]).drop(columns="registration_month")
    planted = planted.set_index(["arm", "person_id"]).sort_index()
    arm_of = sample.set_index("person_id")["arm"].sort_index()
    _check_persons(planted, arm_of, arms)
    return planted, arm_of


def _effect(planted: pd.DataFrame, arm: str, persons: pd.Index) -> pd.DataFrame:
    """Return the planted effect of an arm on each person, one column per outcome."""
    treated, control = (planted.loc[[name]].droplevel("arm").loc[persons] for name in (arm, keys.CONTROL))
    return treated - control


def _average(effects: pd.DataFrame, estimand: str, arm: str) -> pd.DataFrame:
    means = pd.DataFrame({"truth": effects.mean()}).rename_axis("outcome").reset_index()
    return means.assign(estimand=estimand, arm=arm)


def _check_persons(planted: pd.DataFrame, arm_of: pd.Series, arms: Sequence[str]) -> None:
    wanted = pd.MultiIndex.from_product([arms, arm_of.index])
    remedy = "Use the truth that was written with these registers."
    counts = {
        "persons of the sample have no planted outcome under an arm": int((~wanted.isin(planted.index)).sum()),
        "persons have two planted outcomes under an arm": int(planted.index.duplicated().sum()),
        "planted outcomes are missing or infinite": int((~np.isfinite(planted.to_numpy(np.float64))).any(axis=1).sum()),
    }
    if faults := [Fault("truth", "", rule, count, remedy) for rule, count in counts.items() if count]:
        raise FaultsFound(faults)
