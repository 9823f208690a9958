"""Data of the exhibits that set chapter 7 of effektrapport_2024 on every basis beside each other.

The bases are panels: our estimates; the printed inputs through the stated rules; the unrounded inputs under which the
printed cells are reproduced; the cells as printed.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

import pandas as pd

from tiltakseffekt.documents.audit.bases import AS_PRINTED, AS_RECONSTRUCTED
from tiltakseffekt.documents.audit.specified import AS_SPECIFIED
from tiltakseffekt.documents.measures import ARMS
from tiltakseffekt.stages.cost_benefit.table import AS_ESTIMATED
from tiltakseffekt.stages.exhibits.builders import cost_benefit as ours
from tiltakseffekt.stages.exhibits.builders.sensitivity import nytte_terskler as thresholds
from tiltakseffekt.stages.exhibits.tidy import tidy

#: The panels from top to bottom.
BASES: Final = (AS_ESTIMATED, AS_SPECIFIED, AS_RECONSTRUCTED, AS_PRINTED)

Cell = dict[str, Any]
Builder = Callable[[pd.DataFrame], pd.DataFrame]


def revisjon_konvensjoner(conventions: pd.DataFrame) -> pd.DataFrame:
    """Return how many cells contradict others under each convention of discounting, from the table CONVENTIONS."""
    return tidy(
        {"row": row["timing"], "column": row["costs"], "value": row["in_conflict"], "unit": "count"}
        for timing in ("monthly", "mid_year", "yearly", "year_end")
        for row in conventions[conventions["timing"] == timing].to_dict("records")
    )


def _beside(build: Builder, *tables: pd.DataFrame) -> pd.DataFrame:
    """Return what a builder of the evaluation makes of each basis in some tables, with the basis as panel."""
    rows = pd.concat(tables, ignore_index=True)
    made = [build(rows[rows["basis"] == basis]).assign(panel=basis) for basis in BASES]
    return pd.concat(made, ignore_index=True)


def tiltakskostnader(cost_benefit: pd.DataFrame, bases: pd.DataFrame) -> pd.DataFrame:
    """Build Tabell 7-2 on every basis, from two tables COST_BENEFIT: ours, and those of the document."""
    return _beside(ours.tiltakskostnader, cost_benefit, bases)


def veiledertid(cost_benefit: pd.DataFrame, bases: pd.DataFrame) -> pd.DataFrame:
    """Build Tabell 7-3 on every basis, as `tiltakskostnader`."""
    return _beside(ours.veiledertid, cost_benefit, bases)


def tiltakspenger(cost_benefit: pd.DataFrame, bases: pd.DataFrame) -> pd.DataFrame:
    """Build Tabell 7-4 on every basis, as `tiltakskostnader`."""
    return _beside(ours.tiltakspenger, cost_benefit, bases)


def verdiskaping(cost_benefit: pd.DataFrame, bases: pd.DataFrame) -> pd.DataFrame:
    """Build Tabell 7-5 on every basis, as `tiltakskostnader`."""
    return _beside(ours.verdiskaping, cost_benefit, bases)


def nytte_kostnad(cost_benefit: pd.DataFrame, bases: pd.DataFrame) -> pd.DataFrame:
    """Build Tabell 7-6 on every basis, as `tiltakskostnader`."""
    return _beside(ours.nytte_kostnad, cost_benefit, bases)


_BREAK_EVEN: Final = {
    "Effekt på månedlig lønn år 2-7": "effekt_pa_manedlig_lonn",
    "Andel av opprinnelig estimat": "andel_av_opprinnelig_estimat",
    "Effektenes varighet": "effektenes_varighet",
}


def balansepunkt(
    sensitivity: pd.DataFrame, specified: pd.DataFrame, audit: pd.DataFrame, labels: pd.DataFrame
) -> pd.DataFrame:
    """Build Tabell 7-7, what must hold for benefits just to cover costs, on every basis.

    Parameters
    ----------
    sensitivity, specified
        SENSITIVITY of our estimates and of the printed inputs.
    audit
        AUDIT, which holds the reconstructed and the printed cells.
    labels
        ``config/codebook/labels.csv`` read as text: label to key.
    """
    answers = _beside(partial(ours.balansepunkt, arms=ARMS), sensitivity, specified)
    return pd.concat([answers, tidy(_as_printed(audit, labels, "tabell-7-7", _BREAK_EVEN))], ignore_index=True)


_LONGEST: Final = {
    "Maksimal varighet": "maksimal_varighet",
    "Sum prissatte virkninger": "sum_prissatte_virkninger",
    "Maksimal varighet ved forlengelse": "maksimal_varighet_ved_forlengelse",
    "Sum prissatte virkninger ved forlengelse": "sum_prissatte_virkninger_ved_forlengelse",
}


def lengste_varighet(
    sensitivity: pd.DataFrame, specified: pd.DataFrame, audit: pd.DataFrame, labels: pd.DataFrame
) -> pd.DataFrame:
    """Build Tabell 7-8, net benefits when courses last as long as they may, on every basis.

    Parameters
    ----------
    sensitivity, specified, audit, labels
        As in `balansepunkt`.
    """
    answers = _beside(ours.lengste_varighet, sensitivity, specified)
    return pd.concat([answers, tidy(_as_printed(audit, labels, "tabell-7-8", _LONGEST))], ignore_index=True)


def nytte_terskler(sensitivity: pd.DataFrame, specified: pd.DataFrame) -> pd.DataFrame:
    """Return what may change before a measure stops paying, on our estimates and on the printed inputs.

    Parameters
    ----------
    sensitivity, specified
        As in `balansepunkt`.
    """
    return _beside(partial(thresholds, arms=ARMS), sensitivity, specified)


def _as_printed(audit: pd.DataFrame, labels: pd.DataFrame, exhibit: str, columns: Mapping[str, str]) -> Iterator[Cell]:
    """Yield the reconstructed and the printed cells of an exhibit."""
    key_of = dict(zip(labels["label"], labels["key"], strict=True))
    rows = audit[(audit["exhibit"] == exhibit) & audit["column"].isin(list(columns))]
    for panel, name in ((AS_RECONSTRUCTED, "rebuilt"), (AS_PRINTED, "printed")):
        for row in rows.to_dict("records"):
            where = {"panel": panel, "row": key_of[row["row"]], "column": columns[row["column"]]}
            yield {**where, "value": row[name], "unit": row["unit"]}


def nytte_kostnad_kort(
    cost_benefit: pd.DataFrame, bases: pd.DataFrame, audit: pd.DataFrame, labels: pd.DataFrame
) -> pd.DataFrame:
    """Build Tabell 1-1, the summary of costs and benefits, on every basis.

    The document adds rounded rows of Tabell 7-6, so that the reconstruction does so too.

    Parameters
    ----------
    cost_benefit, bases
        COST_BENEFIT, ours and those of the document.
    audit, labels
        As in `balansepunkt`.
    """
    summed = [table[table["basis"].isin([AS_ESTIMATED, AS_SPECIFIED])] for table in (cost_benefit, bases)]
    printed = tidy(_summary_as_printed(audit, labels))
    return pd.concat([_beside(partial(ours.nytte_kostnad_kort, arms=ARMS), *summed), printed], ignore_index=True)


def _summary_as_printed(audit: pd.DataFrame, labels: pd.DataFrame) -> Iterator[Cell]:
    key_of = dict(zip(labels["label"], labels["key"], strict=True))
    rows = audit[(audit["exhibit"] == "tabell-1-1") & (audit["kind"] == "table")]
    lines = {key: place for place, key in enumerate((*ours.SUMMARY, "samlet_netto_nytte"))}
    rows = rows.assign(key=rows["row"].map(key_of)).sort_values("key", key=lambda key: key.map(lines), kind="stable")
    for panel, name in ((AS_RECONSTRUCTED, "rebuilt"), (AS_PRINTED, "printed")):
        for row in rows.to_dict("records"):
            where = {"panel": panel, "row": row["key"], "column": key_of[row["column"]], "unit": row["unit"]}
            words = row["words"] if isinstance(row["words"], str) else ""
            yield {**where, "value": row[name], "text": words.lower()}
