"""Data of the exhibits about how sure the net benefits are."""

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from tiltakseffekt.core.arms import Arms
from tiltakseffekt.stages.cost_benefit.engine import ITEMS, SOCIAL_NET, WAGE_TAX
from tiltakseffekt.stages.cost_benefit.groups import GROUPINGS
from tiltakseffekt.stages.exhibits.labels import COMPOSED
from tiltakseffekt.stages.exhibits.tidy import tidy

_ESTIMATED: Final = "as_estimated"
_KRONER: Final = "nok_2022"
#: Parts of the net benefit in the order in which the waterfall falls.
_STEPS: Final = (
    "effekt_pa_verdiskaping",
    "spart_trygd_som_folge_av_okt_arbeid",
    "tiltakskostnader_finansiert_av_nav",
    "tiltakskostnader_i_andre_sektorer",
    "tiltakspenger",
    "merkostnad_nav_veileders_tidsbruk",
    "sum_prissatte_virkninger",
)
#: Less than a krone is the noise of floating point.
_WORTH: Final = 1.0
#: How many causes the tornado shows of each measure.
_LARGEST: Final = 5
#: Scenarios of the table, and the values that it shows of each.
_SHOWN: Final = {
    "discount_rate": (2, 4, 6),
    "displacement": (20, 50, 100),
    "deadweight": (20, 50),
    "tax_financing_cost": (0, 40),
    "effect_persistence": (3, 5, 10),
}

#: Characteristic to block of rows.
_BLOCKS: Final = {
    "age_group": "gruppe_alder",
    "landgruppe": "gruppe_innvandring",
    "ledighetskategori": "gruppe_ledighet",
}

_GROUPS: Final = tuple((grouping, group) for grouping, groups in GROUPINGS.items() for group in groups)


def figur_fossefall(cost_benefit: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Return what each item adds to the net benefit of each measure, from the table COST_BENEFIT.

    Returns
    -------
    pandas.DataFrame
        Panels are measures, rows items; ``low`` and ``high`` are where the bar begins and ends.
    """
    rows = cost_benefit[(cost_benefit["exhibit"] == "tabell-7-6") & (cost_benefit["basis"] == _ESTIMATED)]
    cells = []
    for measure in _measures(rows, arms=arms):
        own = rows[(rows["measure"] == measure) & rows["value"].notna()]
        amounts: dict[str, dict[Any, Any]] = {row["item"]: row for row in own.to_dict("records")}
        at = 0.0
        for item in [step for step in _STEPS if step in amounts]:
            value = float(amounts[item]["value"])
            start = 0.0 if item == _STEPS[-1] else at
            at = start + value
            cells.append(
                {"panel": measure, "row": item, "value": value, "low": start, "high": at}
                | {"unit": _KRONER, "count": amounts[item]["n"]}
            )
    return tidy(cells)


def _measures(rows: pd.DataFrame, arms: Arms) -> list[str]:
    return [key for key in arms.valued if key in set(rows["measure"])]


def _chosen(sensitivity: pd.DataFrame, analysis: str) -> pd.DataFrame:
    return sensitivity[(sensitivity["analysis"] == analysis) & (sensitivity["basis"] == _ESTIMATED)]


def figur_tornado(sensitivity: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Return how far each cause moves the net benefit of each measure, the largest first, from SENSITIVITY."""
    rows = _chosen(sensitivity, "tornado")
    rows = rows.assign(reach=(rows["high"] - rows["low"]).abs())
    largest = rows.sort_values("reach", ascending=False, kind="stable").groupby("measure", sort=False).head(_LARGEST)
    return tidy(
        {"panel": measure, "row": row["item"], "value": row["value"], "low": row["low"], "high": row["high"]}
        | {"unit": _KRONER, "count": row["n"]}
        for measure in _measures(rows, arms=arms)
        for row in largest[largest["measure"] == measure].to_dict("records")
    )


def figur_balanse(sensitivity: pd.DataFrame) -> pd.DataFrame:
    """Return the net benefit of each measure by how many years its effects last, from SENSITIVITY."""
    return _curves(sensitivity, "effect_persistence")


def figur_balanse_effekt(sensitivity: pd.DataFrame) -> pd.DataFrame:
    """Return the net benefit of each measure by the share of its effects that holds, from SENSITIVITY."""
    return _curves(sensitivity, "effect")


def _curves(sensitivity: pd.DataFrame, item: str) -> pd.DataFrame:
    rows = _chosen(sensitivity, "scenario")
    return tidy(
        {"panel": row["measure"], "x": row["x"], "value": row["value"], "unit": _KRONER, "count": row["n"]}
        for row in rows[rows["item"] == item].to_dict("records")
    )


def figur_lonnsomhet(sensitivity: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Return simulated net benefits with their intervals and the probability of profit, from SENSITIVITY.

    Returns
    -------
    pandas.DataFrame
        Rows are measures. Column ``netto``: mean and interval; column ``sannsynlighet``: per cent.
    """
    rows = _chosen(sensitivity, "simulation")
    cells = []
    for measure in _measures(rows, arms=arms):
        answer = rows[rows["measure"] == measure].set_index("item")
        net, count = answer.loc["net_all"], answer["n"].min()
        cells.append(
            {"row": measure, "column": "netto", "value": net["value"], "low": net["low"], "high": net["high"]}
            | {"unit": _KRONER, "count": count}
        )
        chance = answer.loc["probability_all", "value"]
        cells.append({"row": measure, "column": "sannsynlighet", "value": chance, "unit": "percent", "count": count})
    return tidy(cells)


_SIMULATED: Final = (
    ("net_all", "value", "netto"),
    ("net_all", "low", "minst"),
    ("net_all", "high", "mest"),
    ("probability_all", "value", "sannsynlighet"),
    ("probability_effects_only", "value", "sannsynlighet_bare_effekter"),
    ("probability_first", "value", "sannsynlighet_forst"),
)


def nytte_usikkerhet(sensitivity: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Return simulated net benefits, probabilities and what knowing more would be worth, from SENSITIVITY.

    The last two columns are the value of knowing everything, and the cause of which the knowledge is worth most; where
    none is worth anything, the one that explains most of the variance.
    """
    simulated, information = _chosen(sensitivity, "simulation"), _chosen(sensitivity, "information")
    cells = []
    for measure in _measures(simulated, arms=arms):
        answer = simulated[simulated["measure"] == measure].set_index("item")
        told = information[information["measure"] == measure].set_index("item")["value"]
        where = {"row": measure, "count": answer["n"].min()}
        for item, end, column in _SIMULATED:
            cells.append({**where, "column": column, "value": answer.loc[item, end], "unit": answer.loc[item, "unit"]})
        cells.append({**where, "column": "verdi_av_visshet", "value": told["everything"], "unit": _KRONER})
        cells.append({**where, "column": "viktigste_kilde", "text": _first_cause(told), "unit": "text"})
    return tidy(cells)


def _first_cause(told: pd.Series) -> str:
    shares = told[told.index.str.startswith("variance+")]
    worth = told[~told.index.str.startswith("variance+")].drop("everything")
    return str(worth.idxmax()) if worth.max() >= _WORTH else str(shares.idxmax()).partition(COMPOSED)[2]


def nytte_informasjon(sensitivity: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Return how much of the uncertainty each cause explains and what knowing it would be worth, from SENSITIVITY.

    Panel ``andel_av_usikkerheten``: per cent of the variance; panel ``verdi_av_kunnskap``: kroner per course, for the
    choice between the measure and none. Causes stand in the order of their mean share.
    """
    rows = _chosen(sensitivity, "information")
    prefix = f"variance{COMPOSED}"
    shares = rows[rows["item"].str.startswith(prefix)].assign(cause=lambda t: t["item"].str.removeprefix(prefix))
    order = list(shares.groupby("cause")["value"].mean().sort_values(ascending=False, kind="stable").index)
    worth = rows[rows["item"].isin(order)].assign(cause=lambda t: t["item"])
    return tidy(
        {"panel": panel, "row": row["cause"], "column": row["measure"], "value": row["value"], "unit": row["unit"]}
        | {"count": row["n"]}
        for panel, table in (("andel_av_usikkerheten", shares), ("verdi_av_kunnskap", worth))
        for cause in order
        for measure in _measures(table, arms=arms)
        for row in table[(table["cause"] == cause) & (table["measure"] == measure)].to_dict("records")
    )


_THRESHOLDS: Final = {
    "caseworker_hours": "veiledertimer_ved_balanse",
    "displacement": "tap_av_effekt_ved_balanse",
    "net_alternative_sample": "netto_annet_utvalg",
    "years_alternative_sample": "varighet_annet_utvalg",
}


def nytte_terskler(sensitivity: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Return what caseworkers' time or a loss of effect may be before a measure stops paying, from SENSITIVITY.

    The last two columns are of AFT in the sample of effektrapport_2024 lines 3677-3684.
    """
    rows = sensitivity[(sensitivity["analysis"] == "break_even") & sensitivity["item"].isin(list(_THRESHOLDS))]
    return tidy(
        {"row": row["measure"], "column": _THRESHOLDS[row["item"]], "value": row["value"]}
        | {"unit": row["unit"], "count": row["n"]}
        for measure in _measures(rows, arms=arms)
        for row in rows[rows["measure"] == measure].to_dict("records")
    )


def nytte_scenarier(sensitivity: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Return net benefits under other assumptions, one changed at a time, from SENSITIVITY."""
    rows = _chosen(sensitivity, "scenario")
    return tidy(_scenario_cells(rows, arms=arms))


def _scenario_cells(rows: pd.DataFrame, arms: Arms) -> Iterator[dict[str, Any]]:
    for item, values in _SHOWN.items():
        for value in values:
            found = rows[(rows["item"] == item) & (rows["x"] == value)]
            for measure in _measures(found, arms=arms):
                row = found[found["measure"] == measure].iloc[0]
                yield {
                    "row_group": item,
                    "row": f"verdi_{value}",
                    "column": measure,
                    "value": row["value"],
                    "unit": _KRONER,
                    "count": row["n"],
                }


def nytte_grupper(sensitivity: pd.DataFrame) -> pd.DataFrame:
    """Return net benefits by group with errors, from SENSITIVITY; the count is that of participants of the group."""
    rows = _chosen(sensitivity, "group")
    place = {f"{grouping}+{group}": n for n, (grouping, group) in enumerate(_GROUPS)}
    rows = rows.assign(place=rows["item"].map(place)).sort_values("place", kind="stable")
    cells = []
    for row in rows.to_dict("records"):
        grouping, _, group = row["item"].partition(COMPOSED)
        where = {"row_group": _BLOCKS[grouping], "row": group, "column": row["measure"], "count": row["n"]}
        cells.append({**where, "panel": "estimat", "value": row["value"], "unit": _KRONER})
        cells.append({**where, "panel": "standardfeil", "value": row["se"], "unit": _KRONER})
    return tidy(cells)


#: Accounts by year, and the items that each adds up.
_ACCOUNTS: Final = {
    "samfunnet": (SOCIAL_NET,),
    "staten": (*ITEMS, WAGE_TAX),
    "staten_uten_lonnsskatt": ITEMS,
}


def nytte_budsjett(sensitivity: pd.DataFrame) -> pd.DataFrame:
    """Return what society and public budgets are left with in each year after the start, from SENSITIVITY."""
    accounts = _accounts(sensitivity)
    cells = []
    for panel, measure in accounts[["account", "measure"]].drop_duplicates().itertuples(index=False):
        own = accounts[(accounts["account"] == panel) & (accounts["measure"] == measure)]
        where = {"panel": panel, "row": measure, "unit": _KRONER, "count": own["n"].min()}
        cells += [
            {**where, "column": f"budsjettar_{x:.0f}", "value": v} for x, v in zip(own["x"], own["value"], strict=True)
        ]
        cells.append({**where, "column": "sum_ar", "value": own["value"].sum()})
    return tidy(cells)


def figur_budsjett(sensitivity: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Return the same by measure, as streams, from SENSITIVITY."""
    rows = _accounts(sensitivity).rename(columns={"measure": "panel", "account": "row", "n": "count"})
    rows = rows.sort_values("panel", key=lambda key: key.map(arms.valued.index), kind="stable")
    return tidy(rows.assign(unit=_KRONER))


def _accounts(sensitivity: pd.DataFrame) -> pd.DataFrame:
    rows = _chosen(sensitivity, "budget")
    parts = [
        rows[rows["item"].isin(items)]
        .groupby(["measure", "x"], sort=False)
        .agg(value=("value", "sum"), n=("n", "min"))
        .reset_index()
        .assign(account=account)
        for account, items in _ACCOUNTS.items()
    ]
    return pd.concat(parts, ignore_index=True)
