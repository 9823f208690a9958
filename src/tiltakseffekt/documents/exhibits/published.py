"""The numbers that effektrapport_2024 prints beside ours, cell by cell and exhibit by exhibit.

On synthetic registers this checks the program, not the world: the registers are calibrated to the document, so that
agreement is no finding. A difference says where calibration or method depart from the document.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from tiltakseffekt.documents.comparison import COMPARED_CELL, ROUNDING, enough, judge
from tiltakseffekt.documents.printed import keyed, printed_step, relations, word_key
from tiltakseffekt.stages.exhibits.few import Zeros, too_few
from tiltakseffekt.stages.exhibits.rounding import round_parts
from tiltakseffekt.stages.exhibits.tidy import tidy
from tiltakseffekt.stages.export.settings import DisclosureSettings

DOCUMENT: Final = "effektrapport_2024"
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


def compare_cells(
    exhibit_data: Mapping[str, pd.DataFrame],
    published: pd.DataFrame,
    labels: pd.DataFrame,
    settings: DisclosureSettings,
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
    settings
        Cells that rest on fewer persons than the threshold, on all but fewer of a group or on a smaller group have no
        counterpart; numbers and shares are as if persons came in multiples: the cells stand in exhibits of their own,
        where others of them may be hidden.

    Returns
    -------
    pandas.DataFrame
        One row per printed number and basis: `COMPARED_CELL`, ``basis`` and ``printed_unit``. Numbers of persons are
        compared as per cent of their column, since the number of persons here is not that of the document; then the
        unit of rounding is not known. The standard error is ours alone.

    Raises
    ------
    FaultsFound
        If a printed label has no key.
    """
    printed = _printed(published, labels)
    bases = pd.DataFrame([(name, basis) for name in COMPARED for basis in (BASES if name in BASED else BASES[:1])])
    cells = printed.merge(bases.set_axis(["exhibit", "basis"], axis=1), on="exhibit").merge(
        _ours(exhibit_data, settings), on=["exhibit", "basis", *_KEYS], how="left", validate="many_to_one"
    )
    words = cells["unit"] == "text"
    missing = (cells["unit"] != cells["our_unit"]) | np.where(words, cells["our_words"].isna(), cells["ours"].isna())
    reason = cells["reason"].where(cells["reason"] != "", np.where(missing, NO_COUNTERPART, ""))
    compared = reason == ""
    cells = cells.assign(ours=cells["ours"].where(compared), se=cells["se"].where(compared), reason=reason)
    judged = judge(cells, same_words=words & (cells["our_words"] == cells["printed_words"]))
    return (
        judged[[*COMPARED_CELL, "basis", "printed_unit"]]
        .sort_values(["exhibit", "basis"], key=_place, kind="stable")
        .reset_index(drop=True)
    )


def _place(names: pd.Series) -> pd.Series:
    return names.map({name: place for place, name in enumerate((*COMPARED, *BASES))})


def _printed(published: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    rows = published.assign(document=DOCUMENT, place=range(len(published)), relation=relations(published))
    rows = rows[rows["exhibit"].isin(COMPARED) & rows["kind"].isin(["table", "prose"])]
    rows = keyed(rows, labels).reset_index(drop=True)
    words = rows["unit"] == "text"
    step = rows["value"].where(~words, "0").groupby([rows["exhibit"], rows["kind"], rows["unit"]]).transform(_step)
    number = pd.to_numeric(rows["value"].where(~words))
    value, unit, _ = _shares_of_columns(rows.assign(basis="", total=False), number)
    return rows.assign(
        printed=value,
        printed_words=rows["value"].map(word_key).where(words),
        printed_unit=rows["unit"],
        unit=unit,
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


def _ours(exhibit_data: Mapping[str, pd.DataFrame], settings: DisclosureSettings) -> pd.DataFrame:
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
    count, base = (numbers.astype("Float64").astype("float64") for numbers in (rows["count"], rows["base"]))
    base = base.fillna(sums)
    ours = pd.DataFrame(
        {
            **{name: rows[name] for name in ("exhibit", "basis", *_KEYS)},
            "ours": round_parts(value, unit, count, base, settings.round_counts),
            "se": rows["se"].where(unit == rows["unit"]),
            "our_unit": unit,
            "our_words": rows["text"].where(rows["text"] != ""),
            "count": count,
            "base": base,
        }
    )
    # An estimate of nobody is none. Where the exhibit hides shares of everybody, so does the comparison, since a number
    # that is hidden among those compared would be one.
    zeros = Zeros(nobody=True, everybody=settings.zeros == "suppress", no_group=True)
    return ours[~too_few(count, base, settings.threshold, zeros)]


def publisert(
    published: pd.DataFrame,
    labels: pd.DataFrame,
    threshold: int,
    round_counts: int,
    zeros: Literal["show", "suppress"],
    **exhibits: pd.DataFrame,
) -> pd.DataFrame:
    """Build the summary of the comparison: how many printed numbers, how near ours are, what is left out and why.

    Parameters
    ----------
    published, labels
        As in `compare_cells`.
    threshold, round_counts, zeros
        Settings of ``export``; medians and shares of fewer numbers than the threshold are left out.
    exhibits
        As in `compared_exhibits`.

    Returns
    -------
    pandas.DataFrame
        Tidy data. Panel: basis (``as_estimated`` is what the program finds in the registers, ``as_specified`` the
        printed inputs of chapter 7 through the same rules); row group: exhibit; row: unit as printed; since numbers of
        different units have no common median. Columns: ``antall_trykte``, ``antall_sammenlignet``,
        ``median_absolutt_avvik``, ``andel_innen_avrunding``, ``median_avvik_i_standardfeil`` and one per reason for
        leaving out; printed = compared + left out.
    """
    settings = DisclosureSettings(threshold=threshold, round_counts=round_counts, zeros=zeros)
    return tidy(_summary(compare_cells(compared_exhibits(exhibits), published, labels, settings), threshold))


def compared_exhibits(exhibits: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tidy data of the compared exhibits by their ids, with the keys of the printed cells.

    Parameters
    ----------
    exhibits
        Tidy data by the id of the exhibit, written with underscores as the keyword of a builder.
    """
    return {name: exhibits[name.replace("-", "_")].replace(_PRINTED_AS.get(name, {})) for name in COMPARED}


def _summary(cells: pd.DataFrame, threshold: int) -> Iterator[dict[str, Any]]:
    for (basis, exhibit, printed_unit, unit), rows in cells.groupby(
        ["basis", "exhibit", "printed_unit", "unit"], sort=False
    ):
        where = {"panel": basis, "row_group": exhibit, "row": printed_unit}
        compared = rows["reason"] == ""
        left_out = rows["reason"].value_counts()
        known = rows.loc[compared & (rows["step"].notna() | (unit == "text")), "verdict"] == ROUNDING
        size, in_se = (rows[name].abs().dropna() for name in ("difference", "difference_in_se"))
        amounts = {
            "antall_trykte": (len(rows), "count"),
            "antall_sammenlignet": (int(compared.sum()), "count"),
            "median_absolutt_avvik": (enough(size, threshold).median(), unit),
            "andel_innen_avrunding": (100 * enough(known, threshold).mean(), "percent"),
            "median_avvik_i_standardfeil": (enough(in_se, threshold).median(), "ratio"),
            **{reason: (int(left_out.get(reason, 0)), "count") for reason in (SCALE, STARS, NO_COUNTERPART)},
        }
        for column, (value, amount_unit) in amounts.items():
            yield {**where, "column": column, "value": value, "unit": amount_unit}
