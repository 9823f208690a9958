"""The printed numbers, and those of the reconstruction, as bases of the table COST_BENEFIT."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from tiltakseffekt.documents.audit.course_inputs import Joint
from tiltakseffekt.documents.audit.reading import VALUED, Reading
from tiltakseffekt.documents.audit.specified import AS_SPECIFIED
from tiltakseffekt.documents.printed import word_key
from tiltakseffekt.stages.cost_benefit import schemas
from tiltakseffekt.stages.cost_benefit.engine import Case, MonthOnMeasure, stay_of_mean
from tiltakseffekt.stages.cost_benefit.table import Inputs, basis_table
from tiltakseffekt.stages.cost_benefit.valuation import effect_spans, month_on_measure, transfer

AS_RECONSTRUCTED: Final = "as_reconstructed"
AS_PRINTED: Final = "as_printed"
_TABLES: Final = ("tabell-7-2", "tabell-7-3", "tabell-7-4", "tabell-7-5", "tabell-7-6")
_ACROSS: Final = "tabell-7-6"


def document_bases(
    reading: Reading, joint: Joint, specified: Mapping[str, Inputs], published: pd.DataFrame, labels: pd.DataFrame
) -> pd.DataFrame:
    """Return the three bases that the document gives: as specified, as reconstructed, as printed.

    Parameters
    ----------
    reading, joint
        The cells as printed with the parameters, and the inputs that they leave possible.
    specified
        Measure to the inputs that the document states.
    published, labels
        As in `printed_basis`.
    """
    stated = basis_table(AS_SPECIFIED, specified, reading.parameters.measures)
    bases = [stated, reconstructed_basis(reading, joint), printed_basis(published, labels)]
    return pd.concat(bases, ignore_index=True)


def printed_basis(published: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of Tabell 7-2 to 7-6 as printed, as a basis of COST_BENEFIT.

    Parameters
    ----------
    published
        ``config/documents/effektrapport_2024/numbers.csv`` read as text.
    labels
        ``config/codebook/labels.csv`` read as text: label to key.
    """
    rows = published[published["exhibit"].isin(_TABLES) & (published["kind"] == "table")]
    key_of = dict(zip(labels["label"], labels["key"], strict=True))
    across = rows["exhibit"] == _ACROSS
    words = rows["unit"] == "text"
    table = pd.DataFrame(
        {
            "basis": AS_PRINTED,
            "exhibit": rows["exhibit"],
            "measure": rows["row"].where(~across, rows["column"]).map(key_of),
            "item": rows["column"].where(~across, rows["row"]).map(key_of),
            "value": pd.to_numeric(rows["value"].where(~words)),
            "unit": rows["unit"],
            "text": rows["value"].map(word_key).where(words),
            "se": np.nan,
            "n": pd.array([pd.NA] * len(rows), dtype="Int64"),
        }
    )
    return table[list(schemas.COST_BENEFIT.columns)].reset_index(drop=True)


def reconstructed_basis(reading: Reading, joint: Joint) -> pd.DataFrame:
    """Return every quantity of the tables from the inferred unrounded inputs, as a basis of COST_BENEFIT."""
    inputs = {key: _inputs(reading, joint, key) for key in VALUED}
    return basis_table(AS_RECONSTRUCTED, inputs, reading.parameters.measures)


def _inputs(reading: Reading, joint: Joint, key: str) -> Inputs:
    measure, general, rates = reading.measure(key), reading.parameters.general, reading.rates
    stated = month_on_measure(measure, general, joint.shares[key])
    subsidy = transfer(measure)
    month = MonthOnMeasure(
        bought=(joint.prices[key] - rates.tax_financing * subsidy) / (1 + rates.tax_financing),
        transferred=subsidy,
        outside=stated.outside,
        allowance=stated.allowance,
        caseworker=reading.hours(key) * joint.hour_price,
    )
    late, effects = measure.late_effect, joint.effects[key]
    case = Case(
        rates=rates,
        month=month,
        stay=stay_of_mean(joint.durations[key]),
        effects=(*effects[:2], 0.0, effects[2]) if late else effects,
        spans=effect_spans(general.effect_persistence.value, late.persistence.value if late else None),
        first_cost=1,
    )
    return Inputs(case, joint.durations[key], joint.shares[key], reading.hours(key))
