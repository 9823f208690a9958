"""Data of the exhibits about samples: Tabell 6-1 to 6-4, 6-6, B-3, B-7, B-8 and the attrition of the cohort.

The population of all but the definitions and the attrition is the final sample, controls that were no longer
registered at their pseudo-start left out (effektrapport_2024 lines 2192-2194).
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.core.arms import Arms
from tiltakseffekt.stages.cohorts.covariates import NAMES, chosen
from tiltakseffekt.stages.exhibits.tidy import tidy

#: Rows of Tabell 6-1: key, first and last month after registration.
START_PERIODS: Final = (
    ("m0_2", 0, 2),
    ("m3_5", 3, 5),
    ("m6_8", 6, 8),
    ("m9_11", 9, 11),
    ("m12_14", 12, 14),
    ("m15_17", 15, 17),
    ("m18_20", 18, 20),
    ("m21_23", 21, 23),
    ("m24_47", 24, 47),
)
NEVER_STARTS: Final = "begynner_ikke_pa_tiltak"
OTHER_GROUP: Final = "annen_gruppe"
LEFT_AT_PSEUDO_START: Final = "registrert_ved_pseudo_oppstart"

#: Columns of Tabell 6-6: starts in the first and in the second year from the month of registration.
STARTS_BY_YEAR: Final = ("m0_11", "m12_23")
MONTHS_OF_A_YEAR: Final = 12
AFT: Final = "aft"
#: Blocks of Tabell B-8: characteristic and its values.
TRAITS: Final = {
    "gruppe_innsats": ("innsatsgruppe", keys.ENTRY_GROUPS),
    "gruppe_kjonn": ("sex", keys.SEXES),
    "gruppe_alder": ("age_group", keys.AGE_GROUPS[:-1]),
    "gruppe_innvandring": ("landgruppe", keys.LANDGRUPPER),
    "gruppe_utdanning": ("education", keys.EDUCATION_GROUPS),
    "gruppe_ledighet": ("ledighetskategori", keys.LEDIGHETSKATEGORIER),
}
#: Rows of the last block of Tabell B-8: key and covariate, months of the 60 before registration.
NAV_HISTORY: Final = {
    "antall_maneder_registrert_i_en_innsatsgruppe_utenom_sykmeldt": "x_nav_historikk__maneder_innsatsgruppe",
    "antall_maneder_pa_arbeidsmarkedstiltak": "x_nav_historikk__maneder_tiltak",
}

Cell = dict[str, Any]


def oppstart_etter_periode(sample: pd.DataFrame, entries: pd.DataFrame) -> pd.DataFrame:
    """Return when those of each first group start on a measure within 48 months, per cent.

    Parameters
    ----------
    sample
        SAMPLE.
    entries
        ENTRIES.
    """
    table = _in_sample(sample, entries)
    later = table["later_start_offset"].astype("Float64").to_numpy(float, na_value=float("inf"))
    period = pd.Series(NEVER_STARTS, index=table.index)
    for key, first, last in START_PERIODS:
        period = period.mask((later >= first) & (later <= last), key)
    rows = [*(key for key, _, _ in START_PERIODS), NEVER_STARTS]
    return tidy(_column_shares(period, table["first_group"], rows, keys.ENTRY_GROUPS))


def innsatsgruppe_ved_oppstart(sample: pd.DataFrame, entries: pd.DataFrame) -> pd.DataFrame:
    """Return the group at the start of the first measure by the group at registration, per cent of the treated.

    A group other than the three, or none at all, counts as ``annen_gruppe``, since the printed columns sum to 100.
    """
    table = _in_sample(sample, entries)
    treated = table.loc[table["arm"] != keys.CONTROL]
    at_start = treated["group_at_start"].where(treated["group_at_start"].isin(keys.ENTRY_GROUPS), OTHER_GROUP)
    return tidy(_column_shares(at_start, treated["first_group"], [*keys.ENTRY_GROUPS, OTHER_GROUP], keys.ENTRY_GROUPS))


def analyseutvalget(sample: pd.DataFrame, entries: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Return the number of persons by arm and first group."""
    table = _in_sample(sample, entries)
    counts = Counter(zip(table["arm"], table["first_group"], strict=True))
    return tidy(_persons(row, column, counts[row, column]) for row in arms.unchained for column in keys.ENTRY_GROUPS)


def kovariater(names: Sequence[str] = NAMES) -> pd.DataFrame:
    """Return the covariates used: what each is, categories (as in the report) and columns of each, and their total.

    The text of the column ``definisjon`` is the key of the words of the definition.

    Parameters
    ----------
    names
        Keys of the covariates.
    """
    items = chosen(names)
    cells: list[Cell] = []
    for item in items:
        of_item = {"row_group": item.group, "row": item.key, "column": "definisjon"}
        cells.append({**of_item, "unit": "text", "text": f"definisjon_{item.key}"})
        if item.categories is not None:
            cells.append(_number(item.group, item.key, "antall_kategorier", item.categories))
        cells.append(_number(item.group, item.key, "antall_kolonner", len(item.columns)))
    total = sum(len(item.columns) for item in items)
    return tidy([*cells, {**_number("", "total", "antall_kolonner", total), "total": True}])


def nye_tiltak(sample: pd.DataFrame, entries: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Return how many of the first measures were alone or followed by another, per cent of each measure."""
    table = _in_sample(sample, entries)
    treated = table.loc[table["arm"] != keys.CONTROL]
    alone, followed = "alene", "etterfolgende_tiltak"
    starters = Counter(treated["arm"])
    followers = Counter(treated.loc[treated["followed_by_measure"], "arm"])
    starters["total"], followers["total"] = starters.total(), followers.total()
    return tidy(
        {**_share(row, column, count, starters[row]), "total": row == "total"}
        for row in (*arms.treated, "total")
        for column, count in ((alone, starters[row] - followers[row]), (followed, followers[row]))
    )


def oppstart_forste_og_andre_ar(entries: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Return how many start on each measure in the first and in the second year after registration.

    Parameters
    ----------
    entries
        ENTRIES of the cohort whose start window is two years.
    arms
        The arms of the evaluation.
    """
    treated = entries.loc[entries["arm"] != keys.CONTROL]
    period = np.where(treated["start_offset"] < MONTHS_OF_A_YEAR, *STARTS_BY_YEAR)
    counts = Counter(zip(treated["arm"], period, strict=True))
    return tidy(_persons(row, column, counts[row, column]) for row in arms.treated for column in STARTS_BY_YEAR)


def aft_utvalget(sample: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Return the number of persons by arm in a sample that is entered through spesielt tilpasset innsats alone.

    Parameters
    ----------
    sample
        SAMPLE.
    arms
        The arms of the evaluation.
    """
    counts = Counter(sample["arm"])
    return tidy(_persons(row, "spesielt_tilpasset", counts[row]) for row in arms.unchained)


def aft_deltakere(**tables: pd.DataFrame) -> pd.DataFrame:
    """Return characteristics of those on AFT in several samples: per cent, and means of months.

    Parameters
    ----------
    tables
        For each sample, by the key of its column: ``<key>`` is its SAMPLE, ``<key>_characteristics`` and
        ``<key>_covariates`` its CHARACTERISTICS and COVARIATES.
    """
    columns = [name for name in tables if f"{name}_characteristics" in tables]
    cells: list[Cell] = []
    for column in columns:
        sample = tables[column]
        persons = sample.loc[sample["arm"] == AFT, "person_id"]
        traits, covariates = (
            tables[f"{column}_{name}"].set_index("person_id").loc[persons] for name in ("characteristics", "covariates")
        )
        cells.append(_persons("n", column, len(persons)))
        for row_group, (trait, terms) in TRAITS.items():
            counts = Counter(traits[trait])
            cells += [{"row_group": row_group, **_share(term, column, counts[term], len(persons))} for term in terms]
        for row, name in NAV_HISTORY.items():
            mean = covariates[name].mean()
            months = {"row_group": "nav_historikk_siste_60_maneder", "row": row, "column": column, "unit": "months"}
            cells.append({**months, "value": float(mean), "count": len(persons)})
    return tidy(cells)


def frafall(attrition: pd.DataFrame, sample: pd.DataFrame, entries: pd.DataFrame) -> pd.DataFrame:
    """Return persons left out by and remaining after each rule, down to the final sample.

    Parameters
    ----------
    attrition
        ATTRITION.
    sample
        SAMPLE; controls of `entries` that it lacks were no longer registered at their pseudo-start.
    entries
        ENTRIES.
    """
    remaining = pd.Series(
        [*attrition["remaining"], len(_in_sample(sample, entries))], index=[*attrition["rule"], LEFT_AT_PSEUDO_START]
    )
    left_out = -remaining.diff().fillna(0).astype("int64")
    return tidy(
        _persons(rule, column, persons)
        for rule in remaining.index
        for column, persons in (("utelatt", left_out[rule]), ("gjenstar", remaining[rule]))
    )


def _in_sample(sample: pd.DataFrame, entries: pd.DataFrame) -> pd.DataFrame:
    return entries.loc[entries["person_id"].isin(sample["person_id"])]


def _column_shares(
    rows: pd.Series, columns: pd.Series, row_keys: Sequence[str], column_keys: Sequence[str]
) -> list[Cell]:
    counts = Counter(zip(rows, columns, strict=True))
    bases = Counter(columns)
    shares = [_share(row, column, counts[row, column], bases[column]) for row in row_keys for column in column_keys]
    return [*shares, *({**_persons("n", column, bases[column]), "total": True} for column in column_keys)]


def _share(row: str, column: str, count: int, base: int) -> Cell:
    value = 100 * count / base if base else float("nan")
    return {"row": row, "column": column, "value": value, "unit": "percent", "count": count, "base": base}


def _persons(row: str, column: str, count: int) -> Cell:
    return {"row": row, "column": column, "value": float(count), "unit": "persons", "count": count}


def _number(row_group: str, row: str, column: str, number: int) -> Cell:
    return {"row_group": row_group, "row": row, "column": column, "value": float(number), "unit": "count"}
