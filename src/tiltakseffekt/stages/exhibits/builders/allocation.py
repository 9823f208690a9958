"""Data of the exhibits about who might be offered what: gains by policy, and who would be sent where."""

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from tiltakseffekt.core.arms import Arms
from tiltakseffekt.stages.exhibits.labels import COMPOSED
from tiltakseffekt.stages.exhibits.tidy import tidy

#: Reward to panel and unit.
_REWARDS: Final = {"months": ("maneder_i_arbeid", "months"), "net_benefit": ("netto_nytte", "nok_2022")}
#: Policies within the places of today, and without limits.
_LIMITS: Final = {
    "innen_plassene": ("nobody", "tree_capacity", "persons_capacity"),
    "uten_grense": ("tree", "best_single"),
}
_TREE: Final = "tree_capacity"


def figur_fordeling(policy_values: pd.DataFrame, policy_truth: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the gain of each policy over today's allocation, and the planted one where it is asked for and known.

    Parameters
    ----------
    policy_values, policy_truth
        POLICY_VALUES and, to set it beside, POLICY_TRUTH, which is empty when there is no truth.

    Returns
    -------
    pandas.DataFrame
        Panels are rewards with and without limits on places, rows policies, columns ``gevinst`` and ``sannhet``.
    """
    gains = policy_values.set_index(["reward", "policy"]).to_dict("index")
    truth = {} if policy_truth is None else policy_truth.set_index(["reward", "policy"])["truth"].to_dict()
    return tidy(
        {"panel": f"{panel}{COMPOSED}{limit}", "row": policy, "unit": unit, "count": row["n"]} | cell
        for reward, (panel, unit) in _REWARDS.items()
        for limit, policies in _LIMITS.items()
        for policy in policies
        if (row := gains.get((reward, policy))) is not None
        for cell in (
            {"column": "gevinst", "value": row["gain"], "low": row["low"], "high": row["high"], "se": row["gain_se"]},
            *([{"column": "sannhet", "value": truth[reward, policy]}] if (reward, policy) in truth else []),
        )
    )


def tabell_fordeling(
    policy_shares: pd.DataFrame, policy_rules: pd.DataFrame, policy_values: pd.DataFrame, arms: Arms
) -> pd.DataFrame:
    """Return who the groups of the tree within today's places are, and which share of all persons gets what.

    Parameters
    ----------
    policy_shares, policy_rules, policy_values
        POLICY_SHARES and POLICY_RULES, which are of the policy learnt on everybody, and POLICY_VALUES, of those
        learnt on other folds than the one on which they are judged.
    arms
        The arms of the evaluation.

    Returns
    -------
    pandas.DataFrame
        Panels are rewards; columns today, the groups, the groups together, and the assignment person by person. The
        last row is how full the fullest measure is where the gain is judged, in per cent of its places.
    """
    by_reward = dict(iter(policy_shares.groupby("reward")))
    return tidy(
        {"panel": panel} | cell
        for reward, (panel, _) in _REWARDS.items()
        if reward in by_reward
        for cell in (
            *_cells(by_reward[reward], policy_rules[policy_rules["reward"] == reward], arms=arms),
            *_fullest(policy_values[policy_values["reward"] == reward]),
        )
    )


def _fullest(values: pd.DataFrame) -> Iterator[dict[str, Any]]:
    place: dict[str, Any] = {"row_group": "plassene", "row": "fulleste_tiltak", "unit": "percent"}
    for policy, column in ((_TREE, "til_sammen"), ("persons_capacity", "hver_for_seg")):
        for row in values[values["policy"] == policy].to_dict("records"):
            yield place | {"column": column, "value": 100 * row["fullest"], "count": row["n"]}


def _cells(shares: pd.DataFrame, rules: pd.DataFrame, arms: Arms) -> Iterator[dict[str, Any]]:
    persons = int(shares.loc[shares["policy"] == "today", "n"].sum())
    tree = shares[shares["policy"] == _TREE]
    groups = sorted(tree["group"].unique().tolist())
    columns = {
        "i_dag": shares[shares["policy"] == "today"],
        **{f"gruppe_{place}": tree[tree["group"] == group] for place, group in enumerate(groups, 1)},
        "til_sammen": tree,
        "hver_for_seg": shares[shares["policy"] == "persons_capacity"],
    }
    for column, rows in columns.items():
        yield _share("hvem", "andel_av_alle", column, int(rows["n"].sum()), persons, persons)
    for place, group in enumerate(groups, 1):
        own = rules[(rules["policy"] == _TREE) & (rules["group"] == group)]
        for rule in own.to_dict("records"):
            group_of: dict[str, Any] = {
                "row_group": "hvem",
                "column": f"gruppe_{place}",
                "unit": "text",
                "count": rule["n"],
            }
            yield group_of | {"row": f"kjennetegn_{rule['question']}", "text": rule["feature"]}
            yield group_of | {"row": f"verdi_{rule['question']}", "text": _value(rule)}
    for arm in arms.all:
        for column, rows in columns.items():
            if len(own := rows[rows["arm"] == arm]):
                # A part of its group, whose size is told: what is hidden must not follow from the others.
                yield _share("hva", arm, column, int(own["n"].sum()), persons, int(rows["n"].sum()))


def _share(row_group: str, row: str, column: str, count: int, persons: int, base: int) -> dict[str, Any]:
    place: dict[str, Any] = {"row_group": row_group, "row": row, "column": column}
    return place | {"value": 100 * count / persons, "unit": "percent", "count": count, "base": base}


def _value(rule: dict[Any, Any]) -> str:
    """Return the values of a feature in a group: yes or no, or where the values lie."""
    if rule["indicator"]:
        return "ja" if rule["above"] else "nei"
    return f"{'>' if rule['above'] else '≤'} {rule['threshold']:g}"
