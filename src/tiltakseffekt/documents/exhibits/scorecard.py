"""Every number that effektrapport_2024 prints, once: compared or not, and how near ours is.

Cells of exhibits (`published.py`) and of the registers (`calibration/comparison.py`) are compared alike
(`documents/comparison.py`). The scorecard takes each printed number from one of them; it measures nothing anew.
On synthetic registers an agreement is no finding, since they are fitted to the printed numbers.
"""

import re
from collections.abc import Iterator
from typing import Any, Final, Literal

import pandas as pd

from tiltakseffekt.documents import comparison
from tiltakseffekt.documents.calibration.comparison import with_rounded_persons
from tiltakseffekt.documents.comparison import APART, ROUNDING, enough, judge, sampling_error
from tiltakseffekt.documents.exhibits.published import (
    BASED,
    DOCUMENT,
    NO_COUNTERPART,
    SCALE,
    STARS,
    compare_cells,
    compared_exhibits,
)
from tiltakseffekt.stages.exhibits.labels import COMPOSED
from tiltakseffekt.stages.exhibits.tidy import tidy
from tiltakseffekt.stages.export.settings import DisclosureSettings

#: No register enters: the printed inputs of the cost-benefit analysis, as they are printed, and its stated rules give
#: another number. The audit tells whether the rounding of the inputs allows the printed one.
OTHER_BY_RULE: Final = "annet_tall_etter_reglene"
VERDICTS: Final = (*comparison.VERDICTS, OTHER_BY_RULE)

#: Printed inputs of the cost-benefit analysis that are numbers of registers or estimates: ours count, not the printed.
ESTIMATED_INPUTS: Final = (
    "gjennomsnittlig_varighet",
    "andel_av_tiltaksmaneder_med_tiltakspenger",
    "effekt_lonn_ar_0_1",
    "effekt_lonn_ar_1_2",
    "effekt_lonn_ar_2_3",
    "effekt_lonn_ar_2_7",
)
#: Printed inputs that are parameters: they would be compared with themselves. Rows or columns.
PARAMETERS: Final = (
    "budsjettkostnad_per_maned",
    "gjennomsnittlig_mer_tidsbruk_for_veileder_per_maned_i_tiltak",
    "maksimal_varighet",
    "maksimal_varighet_ved_forlengelse",
    "effektens_slutt_etter_oppstart",
    "lengre_varighet_enn_ovrige_tiltak",
    "effektenes_varighet_alle_tiltak",
    "fortrengingseffekt",
    "systemeffekt_eksternalitet_av_at_andre_blir_sendt_pa_tiltak",
)
PARAMETER: Final = "money"
#: Tables whose effects follow from others, so that none of them is an input.
_DERIVED: Final = ("tabell-7-7",)
_OTHER_ESTIMATES: Final = ("estimate", "money")

_REASONS: Final = "utelatt_etter_grunn"
_ALL: Final = "alle_trykte_tall"
#: What exhibits are about, in the order of the scorecard.
_KINDS: Final = {
    "om_registrene": r"tabell-3-1|(tabell|figur)-[45]-.+|figur-1-1|(tabell|figur)-b-[12]",
    "om_utvalgene": r"tabell-6-[1-46]|tabell-b-[3-8]",
    "om_effektene": r"figur-6-.+|tabell-6-[57]",
    "om_nytte_og_kostnader": r"tabell-1-1|tabell-7-.+",
    "om_brodteksten": r"text",
}
KINDS: Final = tuple(_KINDS)


def judge_numbers(cells: pd.DataFrame, calibration: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Judge every printed number of the document.

    Parameters
    ----------
    cells
        What `compare_cells` returned for the exhibits.
    calibration
        CALIBRATION.
    published
        ``config/documents/effektrapport_2024/numbers.csv`` read as text: for the printed standard errors.

    Returns
    -------
    pandas.DataFrame
        One row per printed number in the order of the document: `COMPARED_CELL`, of which ``verdict`` is one of
        `VERDICTS` or the reason why it is not compared, and ``source``: which comparison has it (``exhibits``,
        ``registers``, or ``both``, of which that of the exhibits is taken).
    """
    registers = calibration[calibration["document"] == DOCUMENT].sort_values("place")
    registers = registers.assign(place=range(len(registers)), source="registers").set_index("place", drop=False)
    ours = _of_exhibits(cells, published)
    compared = ours["verdict"].isin(VERDICTS)
    # A reason that says more of a number than that it is no number of the registers.
    told = ours["verdict"].isin([SCALE, STARS, PARAMETER])
    first = pd.concat([ours[compared | told], registers[registers["verdict"].isin(VERDICTS)], registers])
    judged = first[~first.index.duplicated()].sort_index()
    unclear = judged["verdict"].isin(_OTHER_ESTIMATES) & judged["exhibit"].isin(set(cells["exhibit"]))
    judged["verdict"] = judged["verdict"].mask(unclear & ~judged.index.isin(ours.index[told]), NO_COUNTERPART)
    twice = ours.index[compared].intersection(registers.index[registers["verdict"].isin(VERDICTS)])
    judged["source"] = judged["source"].mask(judged.index.isin(twice), "both")
    return judged[[*comparison.COMPARED_CELL, "source"]].reset_index(drop=True)


def _of_exhibits(cells: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of exhibits on the basis that can fail, with the sampling error of both sides."""
    based = cells["exhibit"].isin(BASED)
    derived = cells["exhibit"].isin(_DERIVED)
    estimated = based & ~derived & cells["column"].isin(ESTIMATED_INPUTS)
    basis = (based & ~estimated).map({True: "as_specified", False: "as_estimated"})
    chosen = cells[cells["basis"] == basis].set_index("place", drop=False)
    parameter = chosen["exhibit"].isin(BASED) & (
        chosen["row"].isin(PARAMETERS) | chosen["column"].isin(PARAMETERS) | (chosen["printed_unit"] == "years")
    )
    errors = chosen["place"].map(_printed_errors(published)).fillna(0)
    # Printed inputs through the rules have no sampling error.
    se = ((sampling_error(chosen) ** 2 + errors**2) ** 0.5).where(chosen["basis"] == "as_estimated")
    reason = chosen["reason"].mask(parameter, PARAMETER)
    same_words = (chosen["unit"] == "text") & (chosen["verdict"] == ROUNDING)
    judged = judge(chosen.assign(se=se, reason=reason, source="exhibits"), same_words)
    stated = (chosen["basis"] == "as_specified") & (judged["verdict"] == APART)
    return judged.assign(verdict=judged["verdict"].mask(stated, OTHER_BY_RULE))


def _printed_errors(published: pd.DataFrame) -> pd.Series:
    """Return the printed standard error of each printed estimate of Tabell 6-7, by place."""
    table = published.assign(place=range(len(published)))[published["exhibit"] == "tabell-6-7"]
    where = ["row_group", "row", "column"]
    errors = table[table["panel"] == "standardfeil"].set_index(where)["value"]
    estimates = table[table["panel"] == "estimat"].set_index(where)["place"]
    return pd.Series(pd.to_numeric(errors).reindex(estimates.index).to_numpy(float), index=estimates.to_numpy())


def scorecard(
    published: pd.DataFrame,
    labels: pd.DataFrame,
    calibration: pd.DataFrame,
    threshold: int,
    round_counts: int,
    zeros: Literal["show", "suppress"],
    **exhibits: pd.DataFrame,
) -> pd.DataFrame:
    """Return how many printed numbers are compared and how near ours are, by exhibit, and why others are not compared.

    Parameters
    ----------
    published, labels
        As in `compare_cells`.
    calibration
        CALIBRATION.
    threshold, round_counts, zeros
        Settings of ``export``; shares of fewer numbers than the threshold are left out.
    exhibits
        As in `compared_exhibits`.
    """
    settings = DisclosureSettings(threshold=threshold, round_counts=round_counts, zeros=zeros)
    numbers = _numbers(published, labels, calibration, settings, exhibits)
    total = [{**cell, "row": _ALL, "total": True} for cell in _counts(numbers, threshold)]
    return tidy([*_by_exhibit(numbers, threshold), *total, *_by_reason(numbers)])


def _numbers(
    published: pd.DataFrame,
    labels: pd.DataFrame,
    calibration: pd.DataFrame,
    settings: DisclosureSettings,
    exhibits: dict[str, pd.DataFrame],
) -> pd.DataFrame:
    cells = compare_cells(compared_exhibits(exhibits), published, labels, settings)
    return judge_numbers(cells, with_rounded_persons(calibration, settings.round_counts), published)


def _by_exhibit(numbers: pd.DataFrame, threshold: int) -> Iterator[dict[str, Any]]:
    exhibits = sorted(
        map(str, numbers["exhibit"].unique()), key=lambda name: (KINDS.index(kind_of(name)), _number(name))
    )
    for exhibit in exhibits:
        for cell in _counts(numbers[numbers["exhibit"] == exhibit], threshold):
            yield {**cell, "row_group": kind_of(exhibit), "row": exhibit}


def _number(exhibit: str) -> tuple[tuple[int, str], ...]:
    """Return a key that sorts exhibits by their numbers: 4-2 before 4-10, tables and figures apart."""
    return tuple((int(part), "") if part.isdigit() else (0, part) for part in exhibit.split("-"))


def kind_of(exhibit: str) -> str:
    """Return what an exhibit is about: the key of its block in the scorecard.

    >>> kind_of("tabell-4-3"), kind_of("tabell-b-3"), kind_of("figur-6-2")
    ('om_registrene', 'om_utvalgene', 'om_effektene')
    """
    return next(kind for kind, pattern in _KINDS.items() if re.fullmatch(pattern, exhibit))


def _counts(rows: pd.DataFrame, threshold: int) -> list[dict[str, Any]]:
    """Return how many are printed and compared, and the verdicts as per cent of those compared, if they are enough."""
    compared = rows.loc[rows["verdict"].isin(VERDICTS), "verdict"]
    known = enough(compared, threshold)
    return [
        {"column": "antall_trykte", "value": float(len(rows)), "unit": "count"},
        {"column": "antall_sammenlignet", "value": float(len(compared)), "unit": "count"},
        {"column": "andel_sammenlignet", "value": 100 * len(compared) / len(rows), "unit": "percent"},
        *({"column": verdict, "value": 100 * (known == verdict).mean(), "unit": "percent"} for verdict in VERDICTS),
        {"column": "antall_utelatt", "value": float(len(rows) - len(compared)), "unit": "count"},
    ]


def _by_reason(numbers: pd.DataFrame) -> Iterator[dict[str, Any]]:
    left_out = numbers.loc[~numbers["verdict"].isin(VERDICTS), "verdict"].value_counts()
    for reason, number in left_out.items():
        place = {"row_group": _REASONS, "row": reason, "column": "antall_utelatt"}
        yield {**place, "value": float(number), "unit": "count"}


def scorecard_celler(
    published: pd.DataFrame,
    labels: pd.DataFrame,
    calibration: pd.DataFrame,
    threshold: int,
    round_counts: int,
    zeros: Literal["show", "suppress"],
    **exhibits: pd.DataFrame,
) -> pd.DataFrame:
    """Return the compared numbers that are none of the registers: printed, ours, differences in two units, verdict.

    Those of the registers stand in `kalibrering-celler`.

    Parameters
    ----------
    published, labels, calibration, threshold, round_counts, zeros, exhibits
        As in `scorecard`.
    """
    settings = DisclosureSettings(threshold=threshold, round_counts=round_counts, zeros=zeros)
    numbers = _numbers(published, labels, calibration, settings, exhibits)
    shown = numbers[numbers["verdict"].isin(VERDICTS) & (numbers["source"] == "exhibits") & (numbers["unit"] != "text")]
    return tidy(cell for row in shown.to_dict("records") for cell in _cells(row))


def _cells(row: dict[Any, Any]) -> Iterator[dict[str, Any]]:
    place = {
        "panel": row["exhibit"],
        "row_group": _composed(row["panel"] if row["exhibit"] != "tabell-6-7" else "", row["column"]),
        "row": _composed(row["row_group"], row["row"]),
    }
    counted = pd.notna(row["count"])
    behind = (
        {"count": int(row["count"]), "base": int(row["base"]) if pd.notna(row["base"]) else None} if counted else {}
    )
    difference = "percentage_points" if row["unit"] == "percent" else row["unit"]
    yield {**place, "column": "trykt", "value": row["printed"], "unit": row["unit"]}
    yield {**place, "column": "her", "value": row["ours"], "unit": row["unit"], **behind}
    yield {**place, "column": "avvik", "value": row["difference"], "unit": difference, **behind}
    for name in ("difference_in_steps", "difference_in_se"):
        known = {"value": row[name], **behind} if pd.notna(row[name]) else {}
        yield {**place, "column": f"avvik_{_UNITS_OF_DIFFERENCE[name]}", "unit": "ratio", **known}
    yield {**place, "column": "vurdering", "text": row["verdict"], "unit": "text", **behind}


_UNITS_OF_DIFFERENCE: Final = {"difference_in_steps": "i_avrundinger", "difference_in_se": "i_standardfeil"}


def _composed(*parts: str) -> str:
    return COMPOSED.join(filter(None, dict.fromkeys(parts)))
