"""Policies side by side: nobody on a measure, all on the best one, trees with and without limits, and person by person.

A policy gives each person a share of each arm. Its value is the mean of the doubly robust scores under those shares
(Athey and Wager 2021; Zhou, Athey and Wager 2023; Knaus 2022), its gain that mean less the mean of what was observed,
which is the value of today's allocation. What is learnt from scores is judged on folds from which it did not learn.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from tiltakseffekt.core import keys
from tiltakseffekt.stages.allocation import schemas
from tiltakseffekt.stages.allocation.capacity import assign_persons, tree_within
from tiltakseffekt.stages.allocation.rewards import Reward
from tiltakseffekt.stages.allocation.settings import AllocationSettings
from tiltakseffekt.stages.allocation.trees import Array, Bools, Codes, Split, Tree, pair_sums
from tiltakseffekt.stages.matching.samples import arm_codes

#: A number of persons below this is none, up to rounding.
_NOBODY: Final = 1e-6


class AllocationTables(NamedTuple):
    """The tables of the stage."""

    rewards: pd.DataFrame
    values: pd.DataFrame
    shares: pd.DataFrame
    rules: pd.DataFrame
    assignments: pd.DataFrame


@dataclass(frozen=True)
class _Persons:
    """Persons in the order of their identifiers, with levels of the features, their upper ends, and scores."""

    ids: pd.Index
    arm: Codes
    fold: Codes
    codes: Codes
    ends: Sequence[Array]
    scores: Array
    predicted: Array
    observed: Array


@dataclass(frozen=True)
class _Learnt:
    """A policy: shares of each arm by person, judged out of fold, and the tree and group shares of everybody."""

    policy: str
    shares: Array
    tree: Tree
    group_shares: Array


@dataclass(frozen=True)
class Evidence:
    """What policies are learnt from: tables about the persons of the sample, in any order.

    Parameters
    ----------
    sample, outcomes, covariates, scores, predictions
        Schemas SAMPLE, OUTCOMES, COVARIATES, SCORES and OUTCOME_PREDICTIONS (mean of the repetitions).
    """

    sample: pd.DataFrame
    outcomes: pd.DataFrame
    covariates: pd.DataFrame
    scores: pd.DataFrame
    predictions: pd.DataFrame


def allocate(
    evidence: Evidence, rewards: Iterable[Reward], settings: AllocationSettings, confidence: float
) -> AllocationTables:
    """Learn policies and estimate what each would be worth.

    Parameters
    ----------
    evidence
        What policies are learnt from.
    rewards
        What policies are judged by.
    settings
        What rules may look at, and how fine they may be.
    confidence
        Level of the intervals.

    Returns
    -------
    AllocationTables
        Schemas POLICY_REWARDS, POLICY_VALUES, POLICY_SHARES, POLICY_RULES and POLICY_ASSIGNMENTS.
    """
    people = evidence.sample.set_index("person_id").sort_index()
    beside = (evidence.outcomes, evidence.covariates, evidence.scores, evidence.predictions)
    tables = [table.set_index("person_id").loc[people.index] for table in beside]
    levels = [_levels(tables[1][feature].to_numpy(np.float64), settings.levels) for feature in settings.features]
    parts = []
    for reward in rewards:
        arm = arm_codes(people, reward.arms)
        persons = _Persons(
            people.index,
            arm,
            people["fold"].to_numpy(np.int64),
            np.column_stack([codes for codes, _ in levels]),
            [ends for _, ends in levels],
            reward.of_arms(tables[2], keys.score_column),
            reward.of_arms(tables[3], keys.prediction_column),
            reward.observed(tables[0], arm),
        )
        parts.append([table.assign(reward=reward.key) for table in _tables(persons, reward, settings, confidence)])
    return AllocationTables(*(pd.concat(tables, ignore_index=True) for tables in zip(*parts, strict=True)))


def _tables(
    persons: _Persons, reward: Reward, settings: AllocationSettings, confidence: float
) -> tuple[pd.DataFrame, ...]:
    """Return the tables of the stage for one reward, in their order."""
    learnt = list(_policies(persons, reward, settings))
    rules = [row for each in learnt for row in _rules(persons, each, settings.features)]
    return (
        reward.table(),
        _values(persons, learnt, confidence),
        pd.concat([_today(persons, reward), *(_shares(persons, each, reward) for each in learnt)]),
        pd.DataFrame(rules, columns=[name for name in schemas.POLICY_RULES.columns if name != "reward"]),
        pd.concat([_assignments(persons, each, reward) for each in learnt]),
    )


def mean_predictions(predictions: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the mean over the repetitions of the cross-fitting of tables with the schema OUTCOME_PREDICTIONS."""
    by_person = [table.set_index("person_id").drop(columns="fold").sort_index() for table in predictions]
    total = by_person[0].copy()
    for other in by_person[1:]:
        total += other
    return (total / len(by_person)).reset_index()


def _levels(values: Array, most: int) -> tuple[Codes, Array]:
    """Return the level of each value and the largest value of each level; neighbours are joined to at most `most`."""
    ends = np.unique(values)
    if len(ends) > most:
        ends = np.unique(np.quantile(values, np.arange(1, most + 1) / most, method="higher"))
    return np.searchsorted(ends, values).astype(np.int64), ends


def _policies(persons: _Persons, reward: Reward, settings: AllocationSettings) -> Iterator[_Learnt]:
    """Yield every policy with its shares; what is learnt from scores is learnt on the other folds."""
    n, arms = persons.scores.shape
    unit, offered = np.eye(arms), reward.offered
    today = np.bincount(persons.arm, minlength=arms) / n
    limited = np.where(np.arange(arms) == 0, np.inf, today)
    yield _Learnt("nobody", unit[[0] * n], Tree(), unit[[0] * 4])
    yield _best_single(persons, offered)
    yield from _trees(persons, offered, {"tree": np.full(arms, np.inf), "tree_capacity": limited}, settings)
    given = assign_persons(np.where(offered, persons.predicted, -np.inf), limited * n)
    yield _Learnt("persons_capacity", given, Tree(), np.zeros((4, arms)))


def _best_single(persons: _Persons, offered: Bools) -> _Learnt:
    """Give everyone the arm with the highest mean score on the other folds."""

    def best(kept: Bools) -> int:
        return int(np.where(offered, persons.scores[kept].mean(axis=0), -np.inf).argmax())

    unit = np.eye(len(offered))
    arms = {fold: best(persons.fold != fold) for fold in np.unique(persons.fold)}
    of_all = best(np.ones(len(persons.fold), dtype=np.bool_))
    return _Learnt("best_single", unit[[arms[fold] for fold in persons.fold]], Tree(), unit[[of_all] * 4])


def _trees(
    persons: _Persons, offered: Bools, places: Mapping[str, Array], settings: AllocationSettings
) -> Iterator[_Learnt]:
    """Yield a tree for each set of places, which are shares of the persons; sums are taken once per fold."""
    members = {fold: persons.fold == fold for fold in np.unique(persons.fold)}
    by_fold = {
        fold: pair_sums(persons.codes[own], persons.scores[own], settings.levels) for fold, own in members.items()
    }
    total = np.sum(list(by_fold.values()), axis=0)

    def learn(sums: Array, kept: Bools, limits: Array) -> tuple[Tree, Array]:
        size = int(kept.sum())
        codes, scores = persons.codes[kept], persons.scores[kept]
        return tree_within(sums, codes, scores, offered, limits * size, settings.smallest_group * size, settings.depth)

    everybody = np.ones(len(persons.fold), dtype=np.bool_)
    for policy, limits in places.items():
        shares = np.zeros(persons.scores.shape)
        for fold, own in members.items():
            tree, of_groups = learn(total - by_fold[fold], ~own, limits)
            shares[own] = of_groups[tree.groups(persons.codes[own])]
        yield _Learnt(policy, shares, *learn(total, everybody, limits))


def _values(persons: _Persons, learnt: Sequence[_Learnt], confidence: float) -> pd.DataFrame:
    n, z = len(persons.arm), stats.norm.ppf(0.5 + confidence / 2)
    places = np.bincount(persons.arm, minlength=persons.scores.shape[1])[1:]
    rows = [{"policy": "today", "value": persons.observed.mean(), "value_se": persons.observed.std() / np.sqrt(n)}]
    for each in learnt:
        values = (each.shares * persons.scores).sum(axis=1)
        gain = values - persons.observed
        se = gain.std() / np.sqrt(n)
        # Limits hold among the persons from whom a policy is learnt; among those on whom it is judged more may be used.
        used = np.divide(each.shares.sum(axis=0)[1:], places, out=np.zeros(len(places)), where=places > 0)
        rows.append(
            {"policy": each.policy, "value": values.mean(), "value_se": values.std() / np.sqrt(n)}
            | {"gain": gain.mean(), "gain_se": se, "low": gain.mean() - z * se, "high": gain.mean() + z * se}
            | {"fullest": used.max()}
        )
    return pd.DataFrame(rows).reindex(columns=list(schemas.POLICY_VALUES.columns)).drop(columns="reward").assign(n=n)


def _today(persons: _Persons, reward: Reward) -> pd.DataFrame:
    count = np.bincount(persons.arm, minlength=len(reward.arms))
    return pd.DataFrame({"policy": "today", "group": 0, "arm": reward.arms, "share": count / count.sum(), "n": count})


def _shares(persons: _Persons, learnt: _Learnt, reward: Reward) -> pd.DataFrame:
    """Return the share of all persons who are in a group and get an arm; of the policy learnt on everybody."""
    n = len(persons.arm)
    if learnt.policy == "persons_capacity":
        given = learnt.shares.sum(axis=0)[None]
    else:
        given = np.bincount(learnt.tree.groups(persons.codes), minlength=4)[:, None] * learnt.group_shares
    places = [(group, arm) for group, row in enumerate(given) for arm in np.flatnonzero(row > _NOBODY)]
    return pd.DataFrame(
        {
            "policy": learnt.policy,
            "group": [group for group, _ in places],
            "arm": [reward.arms[arm] for _, arm in places],
            "share": [given[place] / n for place in places],
            "n": [round(given[place]) for place in places],
        }
    )


def _rules(persons: _Persons, learnt: _Learnt, features: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """Yield the conditions of each group of the tree learnt on everybody, a row per question asked of it."""
    groups = np.bincount(learnt.tree.groups(persons.codes), minlength=4)
    if learnt.tree.root is None:
        return
    for group in np.flatnonzero(groups).tolist():
        asked: list[tuple[Split | None, int]] = [
            (learnt.tree.root, group // 2),
            (learnt.tree.sides[group // 2], group % 2),
        ]
        for question, (split, side) in enumerate(asked, 1):
            if split is not None:
                yield {
                    "policy": learnt.policy,
                    "group": group,
                    "question": question,
                    "feature": features[split.feature],
                    "above": bool(side),
                    "threshold": persons.ends[split.feature][split.level],
                    "indicator": persons.ends[split.feature].tolist() == [0, 1],
                    "n": groups[group],
                }


def _assignments(persons: _Persons, learnt: _Learnt, reward: Reward) -> pd.DataFrame:
    columns = {f"share__{arm}": values for arm, values in zip(reward.arms, learnt.shares.T, strict=True)}
    return pd.DataFrame({"policy": learnt.policy, "person_id": persons.ids} | columns)
