"""The numbers that effektrapport_2024 prints beside ours, cell by cell and exhibit by exhibit.

On synthetic registers this checks the program, not the world: the registers are calibrated to the document, so that
agreement is no finding. A difference says where calibration or method depart from the document.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.documents.printed import printed_step
from tiltakseffekt.stages.exhibits.rounding import round_parts
from tiltakseffekt.stages.exhibits.tidy import tidy

#: Exhibits whose printed numbers are compared, in the order of the document.
COMPARED: Final = (
    "tabell-6-1",
    "tabell-6-2",
    "tabell-6-3",
    "figur-6-2",
    "figur-6-3",
    "tabell-6-7",
    "tabell-7-2",
    "tabell-7-3",
    "tabell-7-4",
    "tabell-7-5",
    "tabell-7-6",
    "tabell-7-7",
    "tabell-7-8",
    "tabell-1-1",
    "tabell-b-3",
    "tabell-b-4",
    "tabell-b-5",
    "tabell-b-6",
)
#: Exhibits whose panels are bases; the panels of the others belong to the exhibit as printed.
BASED: Final = (*(f"tabell-7-{number}" for number in range(2, 9)), "tabell-1-1")
BASES: Final = ("as_estimated", "as_specified")

#: Keys of exhibits that the document prints under another one, by exhibit and column of the tidy data.
_PRINTED_AS: Final[Mapping[str, dict[str, dict[str, str]]]] = {
    "tabell-7-7": {"column": {"effekt_pa_manedlig_lonn": "effekt_lonn_ar_2_7"}}
}

#: Why a printed number is not compared: it grows or shrinks with the number of persons; it is stars, whose printed
#: legend contradicts the printed cells; our exhibit has no such cell, no value in it, or another unit.
SCALE: Final = "utelatt_skala"
STARS: Final = "utelatt_stjerner"
NO_COUNTERPART: Final = "utelatt_uten_motstykke"

_KEYS: Final = ["panel", "row_group", "row", "column"]


def word_key(words: str) -> str:
    """Return the key of words in a cell.

    >>> word_key("Ubetydelig/ingen")
    'ubetydelig_ingen'
    """
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")


def compare_cells(
    exhibit_data: Mapping[str, pd.DataFrame],
    published: pd.DataFrame,
    labels: pd.DataFrame,
    threshold: int,
    round_counts: int,
) -> pd.DataFrame:
    """Set every printed number of the compared exhibits beside ours.

    Parameters
    ----------
    exhibit_data
        Exhibit to its tidy data; an exhibit that is missing has no counterparts.
    published
        ``config/documents/effektrapport_2024/numbers.csv`` read as text.
    labels
        ``config/codebook/labels.csv`` read as text: label to key.
    threshold
        Cells that rest on fewer persons, on all but fewer of a group or on a smaller group have no counterpart.
    round_counts
        Numbers and shares are as if persons came in multiples of this: the cells stand in exhibits of their own, where
        others of them may be hidden.

    Returns
    -------
    pandas.DataFrame
        One row per printed number and basis: exhibit, basis, panel, row_group, row, column, kind, line, unit as
        printed, compared_unit, published, ours, difference (ours minus published), se, difference_in_se, step (unit of
        rounding), agrees (within half a step; of words: equal; missing where the step is unknown), left_out (reason why
        it was not compared, else empty), count and base (persons behind ours) and place (among all printed numbers).
        Numbers of persons are compared as per cent of their column, since the number of persons here is not that of
        the document.

    Raises
    ------
    FaultsFound
        If a printed label has no key.
    """
    printed = _printed(published, labels)
    bases = pd.DataFrame([(name, basis) for name in COMPARED for basis in (BASES if name in BASED else BASES[:1])])
    cells = printed.merge(bases.set_axis(["exhibit", "basis"], axis=1), on="exhibit").merge(
        _ours(exhibit_data, threshold, round_counts),
        on=["exhibit", "basis", *_KEYS],
        how="left",
        validate="many_to_one",
    )
    same_unit = cells["compared_unit"] == cells["our_unit"]
    words = cells["unit"] == "text"
    missing = ~same_unit | np.where(words, cells["our_words"].isna(), cells["ours"].isna())
    reason = cells["reason"].where(cells["reason"] != "", np.where(missing, NO_COUNTERPART, ""))
    compared = reason == ""
    cells = cells.assign(ours=cells["ours"].where(compared), se=cells["se"].where(compared & (cells["se"] > 0)))
    difference = cells["ours"] - cells["published"]
    known = compared & (words | cells["step"].notna())
    agrees = np.where(words, cells["our_words"] == cells["printed_words"], difference.abs() <= cells["step"] / 2 + 1e-9)
    return (
        cells.assign(
            difference=difference,
            difference_in_se=difference / cells["se"],
            agrees=pd.Series(agrees, index=cells.index).astype("boolean").where(known),
            left_out=reason,
        )[
            [
                "exhibit",
                "basis",
                *_KEYS,
                *("kind", "line", "unit", "compared_unit", "published", "ours", "difference"),
                *("se", "difference_in_se", "step", "agrees", "left_out", "count", "base", "place"),
            ]
        ]
        .sort_values(["exhibit", "basis"], key=_place, kind="stable")
        .reset_index(drop=True)
    )


def _place(names: pd.Series) -> pd.Series:
    return names.map({name: place for place, name in enumerate((*COMPARED, *BASES))})


def _printed(published: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    rows = published.assign(place=range(len(published)))
    rows = rows[rows["exhibit"].isin(COMPARED) & rows["kind"].isin(["table", "prose"])]
    key_of = {**dict(zip(labels["label"], labels["key"], strict=True)), "": ""}
    unknown = {name: int((~rows[name].isin(list(key_of))).sum()) for name in _KEYS}
    if faults := [
        Fault("labels.csv", name, "a printed label has no key", count, "Add the label with its key.")
        for name, count in unknown.items()
        if count
    ]:
        raise FaultsFound(faults)
    rows = rows.assign(**{name: rows[name].map(key_of) for name in _KEYS}).reset_index(drop=True)
    words = rows["unit"] == "text"
    step = rows["value"].where(~words, "0").groupby([rows["exhibit"], rows["kind"], rows["unit"]]).transform(_step)
    number = pd.to_numeric(rows["value"].where(~words))
    value, unit, _ = _shares_of_columns(rows.assign(basis="", total=False), number)
    return rows.assign(
        published=value,
        printed_words=rows["value"].map(word_key).where(words),
        compared_unit=unit,
        step=step.astype("float64").where(~words & (unit == rows["unit"])),
        reason=np.select([unit == "stars", unit.isin(["persons", "standard_error"])], [STARS, SCALE], ""),
    )


def _step(values: pd.Series) -> float:
    return printed_step(values.tolist())


def _shares_of_columns(cells: pd.DataFrame, number: pd.Series) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return values, units and sums; numbers of persons that share a column become per cent of their sum."""
    persons = number.where((cells["unit"] == "persons") & ~cells["total"])
    in_column = persons.groupby([cells[name] for name in ("exhibit", "basis", "panel", "column")])
    is_share = persons.notna() & (in_column.transform("count") > 1)
    sums = in_column.transform("sum").where(is_share)
    return number.mask(is_share, 100 * persons / sums), cells["unit"].mask(is_share, "percent"), sums


def _ours(exhibit_data: Mapping[str, pd.DataFrame], threshold: int, round_counts: int) -> pd.DataFrame:
    parts = [tidy([]).assign(exhibit="", basis="")]
    for name in COMPARED:
        if name in exhibit_data:
            data = exhibit_data[name]
            based = name in BASED
            parts.append(
                data.assign(
                    exhibit=name,
                    basis=data["panel"] if based else BASES[0],
                    panel="" if based else data["panel"],
                )
            )
    rows = pd.concat(parts, ignore_index=True)
    value, unit, sums = _shares_of_columns(rows, rows["value"])
    base = rows["base"].astype("Float64").fillna(sums.astype("Float64"))
    ours = pd.DataFrame(
        {
            **{name: rows[name] for name in ("exhibit", "basis", *_KEYS)},
            "ours": round_parts(value, unit, rows["count"], base, round_counts),
            "se": rows["se"].where(unit == rows["unit"]),
            "our_unit": unit,
            "our_words": rows["text"].where(rows["text"] != ""),
            "count": rows["count"],
            "base": base,
        }
    )
    few = (ours["count"] < threshold) | (ours["base"] < threshold)
    nearly_all = (base - ours["count"]).between(1, threshold - 1)
    return ours[~(few | nearly_all).fillna(False).astype(bool)]


def summarise_comparison(
    exhibit_data: Mapping[str, pd.DataFrame],
    published: pd.DataFrame,
    labels: pd.DataFrame,
    threshold: int,
    round_counts: int,
) -> pd.DataFrame:
    """Build the summary of the comparison: how many printed numbers, how near ours are, what is left out and why.

    Parameters
    ----------
    exhibit_data, published, labels, threshold, round_counts
        As in `compare_cells`; medians and shares of fewer numbers than the threshold are left out.

    Returns
    -------
    pandas.DataFrame
        Tidy data. Panel: basis (``as_estimated`` is what the program finds in the registers, ``as_specified`` the
        printed inputs of chapter 7 through the same rules); row group: exhibit; row: unit as printed; since numbers of
        different units have no common median. Columns: ``antall_trykte``, ``antall_sammenlignet``,
        ``median_absolutt_avvik``, ``andel_innen_avrunding``, ``median_avvik_i_standardfeil`` and one per reason for
        leaving out; printed = compared + left out.
    """
    return tidy(_summary(compare_cells(exhibit_data, published, labels, threshold, round_counts), threshold))


def publisert(
    published: pd.DataFrame, labels: pd.DataFrame, threshold: int, round_counts: int, **exhibits: pd.DataFrame
) -> pd.DataFrame:
    """Build the comparison of printed numbers with ours from the exhibits that stand for the printed ones.

    Parameters
    ----------
    published, labels, threshold, round_counts
        As in `summarise_comparison`.
    exhibits
        As in `compared_exhibits`.
    """
    return summarise_comparison(compared_exhibits(exhibits), published, labels, threshold, round_counts)


def compared_exhibits(exhibits: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tidy data of the compared exhibits by their ids, with the keys of the printed cells.

    Parameters
    ----------
    exhibits
        Tidy data by the id of the exhibit, written with underscores as the keyword of a builder.
    """
    return {name: exhibits[name.replace("-", "_")].replace(_PRINTED_AS.get(name, {})) for name in COMPARED}


def _summary(cells: pd.DataFrame, threshold: int) -> Iterator[dict[str, Any]]:
    for (basis, exhibit, unit, compared_unit), rows in cells.groupby(
        ["basis", "exhibit", "unit", "compared_unit"], sort=False
    ):
        where = {"panel": basis, "row_group": exhibit, "row": unit}
        compared = rows["left_out"] == ""
        left_out = rows["left_out"].value_counts()
        agrees = rows["agrees"].dropna()
        amounts = {
            "antall_trykte": (len(rows), "count"),
            "antall_sammenlignet": (int(compared.sum()), "count"),
            "median_absolutt_avvik": (_median(rows["difference"], threshold), compared_unit),
            "andel_innen_avrunding": (100 * agrees.mean() if len(agrees) >= threshold else np.nan, "percent"),
            "median_avvik_i_standardfeil": (_median(rows["difference_in_se"], threshold), "ratio"),
            **{reason: (int(left_out.get(reason, 0)), "count") for reason in (SCALE, STARS, NO_COUNTERPART)},
        }
        for column, (value, amount_unit) in amounts.items():
            yield {**where, "column": column, "value": value, "unit": amount_unit}


def _median(differences: pd.Series, threshold: int) -> float:
    """Return the median size of differences; that of a few would give away one of them."""
    known = differences.abs().dropna()
    return float(known.median()) if len(known) >= threshold else float("nan")
