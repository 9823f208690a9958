"""Printed numbers beside measured ones."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.core.tables import read_texts
from tiltakseffekt.documents.calibration.choices import Choices, Rounding
from tiltakseffekt.documents.comparison import COMPARED_CELL, enough, judge, sampling_error
from tiltakseffekt.documents.printed import keyed, printed_step, relations
from tiltakseffekt.stages.description.cells import CELL, COUNTED
from tiltakseffekt.stages.exhibits.few import Zeros, too_few
from tiltakseffekt.stages.exhibits.rounding import round_parts

#: Why a number is not compared, besides the reasons of the choices: there is nobody to measure it on; the registers
#: lack an optional table.
NOBODY: Final = "nobody"
UNMEASURABLE: Final = "unmeasurable"


def read_published(published: Iterable[str | Path], labels: str | Path) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Read printed numbers, by document (the name of the file), and labels, all as text."""
    return {Path(path).parent.name: read_texts(path) for path in published}, read_texts(labels)


def printed_targets(published: Mapping[str, pd.DataFrame], labels: pd.DataFrame) -> pd.DataFrame:
    """Return the printed numbers of all documents with keys instead of labels.

    Parameters
    ----------
    published
        Document (``effektrapport_2024``) to its printed numbers, read as text.
    labels
        ``config/codebook/labels.csv`` read as text.

    Raises
    ------
    FaultsFound
        If a printed label has no key.
    """
    rows = [table.assign(document=document) for document, table in published.items()]
    return keyed(pd.concat(rows, ignore_index=True), labels)


def reasons(targets: pd.DataFrame, choices: Choices) -> pd.Series:
    """Return why each printed number is left out; empty for those to compare.

    Raises
    ------
    FaultsFound
        If an entry of the choices matches nothing, or a printed number matches two.
    """
    result = pd.Series("", index=targets.index)
    faults = []
    for document, entries in choices.left_out.items():
        mine = targets["document"] == document
        matched = pd.Series(0, index=targets.index)
        for place, entry in enumerate(entries):
            chosen = mine & entry.matches(targets)
            if mine.any() and not chosen.any():
                faults.append(Fault("choices.yaml", f"{document}.{place}", "matches nothing printed", 1, "Mend it."))
            matched += chosen
            result = result.mask(chosen, entry.reason)
        if twice := int((matched > 1).sum()):
            faults.append(Fault("choices.yaml", document, "printed numbers match two entries", twice, "Mend them."))
    if faults:
        raise FaultsFound(faults)
    return result


def compare(
    values: pd.DataFrame, targets: pd.DataFrame, choices: Choices, incomplete: Collection[str] = ()
) -> pd.DataFrame:
    """Set each printed number beside the measured one.

    Parameters
    ----------
    values
        What `gather` returned.
    targets
        What `printed_targets` returned.
    choices
        What is left out and why.
    incomplete
        Documents of which numbers may be unmeasured, since the registers lack optional tables.

    Returns
    -------
    pandas.DataFrame
        Schema CALIBRATION, in the order of the printed numbers.

    Raises
    ------
    FaultsFound
        If a printed number is neither measured nor left out, or an entry of the choices is at fault.
    """
    reason = reasons(targets, choices)
    measured = values[[*CELL, "value", "count", "base"]].assign(measured=True)
    cells = targets.merge(measured, on=list(CELL), how="left", validate="many_to_one")
    reason = reason.set_axis(cells.index)
    unmeasured = (reason == "") & cells["measured"].isna()
    reason = reason.mask(unmeasured & cells["document"].isin(list(incomplete)), UNMEASURABLE)
    if lacking := int(((reason == "") & unmeasured).sum()):
        rule = "printed numbers are neither measured nor left out"
        raise FaultsFound([Fault("choices.yaml", "left_out", rule, lacking, "Measure them or give a reason.")])
    compared = reason == ""
    # Sums over shards differ in their last digits when the persons are divided otherwise.
    ours = cells["value_y"].round(9).where(compared)
    return _judged(
        cells.assign(
            place=range(len(cells)),
            relation=relations(cells),
            printed=pd.to_numeric(cells["value_x"].where(compared)),
            ours=ours,
            step=_steps(cells, choices.rounding).where(compared),
            se=np.nan,
            count=cells["count"].where(compared),
            base=cells["base"].where(compared),
            reason=reason.mask(compared & ours.isna(), NOBODY),
        )
    )[list(COMPARED_CELL)]


def with_rounded_persons(calibration: pd.DataFrame, multiple: int) -> pd.DataFrame:
    """Return the comparison with numbers of the registers as if persons came in multiples.

    Its cells stand in several exhibits, where others of them may be hidden.

    Parameters
    ----------
    calibration
        CALIBRATION.
    multiple
        Setting ``export.round_counts``.
    """
    ours, unit, count, base = (calibration[name] for name in ("ours", "unit", "count", "base"))
    return _judged(calibration.assign(ours=round_parts(ours, unit, count, base, multiple)))


def _judged(cells: pd.DataFrame) -> pd.DataFrame:
    return judge(cells.assign(se=sampling_error(cells)))


def _steps(cells: pd.DataFrame, rounding: Rounding) -> pd.Series:
    """Return the unit of rounding: that of the column of a table, of a number itself in prose, chosen for words."""
    numbers = cells["value_x"].where(cells["unit"] != "text", "0")
    table = numbers.groupby([cells[name] for name in ("document", "exhibit", "kind", "column", "unit")])
    in_column = table.transform(lambda values: printed_step(values.tolist())).astype("float64")
    alone = numbers.map(lambda value: 1.0 if value.isdecimal() and len(value) < 4 else printed_step([value]))
    words = cells["unit"].map(dict(rounding.in_words)).astype("float64")
    worded = (relations(cells) == "about") & words.notna()
    return in_column.where(cells["kind"] == "table", alone).mask(worded, words)


def summarise(comparison: pd.DataFrame, threshold: int = 1) -> pd.DataFrame:
    """Return how near the measured numbers are, one row per document and exhibit.

    Parameters
    ----------
    comparison
        What `compare` returned.
    threshold
        Least number of persons behind a number that is compared, and of numbers behind a median or a share.

    Returns
    -------
    pandas.DataFrame
        ``printed``, ``compared``, ``too_few`` (persons), ``left_out`` (or not measurable), which add up;
        ``median_points`` (median absolute difference of per cents, in points), ``within_1`` and ``within_3`` (share of
        the per cents within so many points), ``within_5_per_cent`` (share of the numbers that grow with the population
        within five per cent of the printed one); shares in per cent, missing where there are none.
    """
    return pd.DataFrame(
        [
            {"document": document, "exhibit": exhibit, **_nearness(rows, threshold)}
            for (document, exhibit), rows in comparison.groupby(["document", "exhibit"], sort=False)
        ]
    )


def _nearness(rows: pd.DataFrame, threshold: int) -> dict[str, float]:
    # A number rests on the group that it is measured on: a share of nobody among many is a number all the same.
    behind = rows["base"].fillna(rows["count"])
    on_few = too_few(behind, behind, threshold, Zeros(nobody=True, everybody=False, no_group=True))
    measured = rows["reason"] == ""
    few = (measured & on_few) | (rows["reason"] == NOBODY)
    compared = rows.loc[measured & ~few]
    points = enough(compared.loc[compared["unit"] == "percent", "difference"].abs(), threshold)
    counted = compared.loc[compared["unit"].isin(COUNTED)]
    relative = enough((counted["difference"] / counted["printed"]).abs(), threshold)
    return {
        "printed": len(rows),
        "compared": len(compared),
        "too_few": int(few.sum()),
        "left_out": len(rows) - len(compared) - int(few.sum()),
        "median_points": points.median(),
        "within_1": 100 * (points <= 1).mean(),
        "within_3": 100 * (points <= 3).mean(),
        "within_5_per_cent": 100 * (relative <= 0.05).mean(),
    }
