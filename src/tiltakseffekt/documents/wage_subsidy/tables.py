"""All numbers of the analysis in one table: each quantity on each basis."""

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from tiltakseffekt.documents.audit.cells import Cells
from tiltakseffekt.documents.wage_subsidy.comparison import (
    AS_PRINTED,
    AS_RECONSTRUCTED,
    AS_SPECIFIED,
    PAID,
    subsidy_levels,
)
from tiltakseffekt.documents.wage_subsidy.places import budget
from tiltakseffekt.documents.wage_subsidy.reconstruction import (
    THOUSAND,
    Reconstruction,
    fiscal_cell,
    social_cell,
)
from tiltakseffekt.evaluations.varig_lonnstilskudd.alternatives import (
    ALTERNATIVES,
    FINANCED,
    FISCAL_ITEMS,
    NEED,
    SOCIAL_ITEMS,
    SUM,
    Inputs,
    discount_factors,
    financing,
    fiscal_account,
    social_account,
)
from tiltakseffekt.evaluations.varig_lonnstilskudd.parameters import Parameters

SOCIAL: Final = "tabell-7-2"
FISCAL: Final = "tabell-7-3"
LEVELS: Final = "tabell-3-4"
#: What the treasury pays by year, discounted; no such table is printed.
STREAMS: Final = "offentlige_budsjetter"
#: Inferred inputs with their feasible intervals.
INFERRED: Final = "utledet"
#: The budget of vtao_horing.
BUDGET: Final = "vtao"

#: Inferred numbers that are told, with their unit; kroner are in thousands.
TOLD: Final = {
    "wage": "thousand_nok",
    "subsidy_rate": "share",
    "disability_rate": "share",
    "graded_rate": "share",
    "income_before": "thousand_nok",
    "vtao_factor": "ratio",
    "side_income": "thousand_nok",
    "displacement": "thousand_nok",
    "tax_rate": "share",
    "tax_allowance": "thousand_nok",
}


def wage_subsidy_table(
    cells: Cells, vtao_cells: Cells, parameters: Parameters, found: Reconstruction, stated: Inputs
) -> pd.DataFrame:
    """Return every quantity of the tables as printed, by the stated rules, and as reconstructed.

    Parameters
    ----------
    cells, vtao_cells
        Printed cells of vlt_rapport and vtao_horing.
    parameters
        Checked parameters.
    found
        The reconstruction.
    stated
        Inputs by the stated rules.

    Returns
    -------
    pandas.DataFrame
        Table WAGE_SUBSIDY.
    """
    rows = [
        *_printed(cells),
        *_computed(AS_SPECIFIED, stated),
        *_computed(AS_RECONSTRUCTED, found.inputs),
        *_levels(cells, parameters),
        *_inferred(found, stated),
        *_budget(vtao_cells),
    ]
    columns = ["basis", "exhibit", "subject", "item", "year", "value", "low", "high", "unit"]
    return pd.DataFrame(rows).reindex(columns=columns)


def _row(basis: str, exhibit: str, subject: str, item: str, year: str, value: float, unit: str) -> dict[str, Any]:
    place = {"basis": basis, "exhibit": exhibit, "subject": subject, "item": item, "year": year}
    return {**place, "value": value, "unit": unit}


def _printed(cells: Cells) -> Iterator[dict[str, Any]]:
    years = [*sorted({cell.column for cell in cells.of(SOCIAL) if cell.column.isdigit()}, key=int), SUM]
    for alternative in ALTERNATIVES:
        for item in SOCIAL_ITEMS:
            for year in years:
                if (name := social_cell(alternative, item, year)) in cells:
                    yield _row(AS_PRINTED, SOCIAL, alternative, item, year, cells[name].value, "thousand_nok")
    for alternative in FINANCED:
        for item in FISCAL_ITEMS:
            if (name := fiscal_cell(alternative, item)) in cells:
                yield _row(AS_PRINTED, FISCAL, alternative, item, "0", cells[name].value, "thousand_nok")


def _computed(basis: str, inputs: Inputs) -> Iterator[dict[str, Any]]:
    unit = "thousand_nok"
    for row in social_account(inputs).to_dict("records"):
        yield _row(basis, SOCIAL, row["alternative"], row["item"], row["year"], row["value"] / THOUSAND, unit)
    for row in fiscal_account(inputs).to_dict("records"):
        yield _row(basis, FISCAL, row["alternative"], row["item"], "0", row["value"] / THOUSAND, unit)
    for alternative in ALTERNATIVES:
        need = financing(inputs, alternative).need / THOUSAND
        for year, factor in enumerate(discount_factors(inputs)):
            yield _row(basis, STREAMS, alternative, NEED, str(year), factor * need, unit)


def _levels(cells: Cells, parameters: Parameters) -> Iterator[dict[str, Any]]:
    for row in subsidy_levels(cells, parameters).to_dict("records"):
        unit = "nok_per_month" if row["item"] == PAID else "percent"
        subject = f"{row['level']}_{row['country']}"
        yield _row(row["basis"], LEVELS, subject, row["item"], "", row["value"], unit)


def _inferred(found: Reconstruction, stated: Inputs) -> Iterator[dict[str, Any]]:
    """Yield the interval of each inferred number, beside the stated one where there is one."""
    by_rule = {
        "wage": stated.wage / THOUSAND,
        "subsidy_rate": stated.subsidy_rate,
        "disability_rate": stated.disability_rate,
        "graded_rate": stated.graded_rate,
        "vtao_factor": stated.vtao_factor,
        "displacement": stated.displaced * stated.cost_factor * stated.wage / THOUSAND,
        "side_income": stated.side_income / THOUSAND,
    }
    for name, unit in TOLD.items():
        scale, shown = (100.0, "percent") if unit == "share" else (1.0, unit)
        interval = found.feasible[name]
        row = _row(AS_RECONSTRUCTED, INFERRED, "", name, "", scale * interval.middle, shown)
        yield row | {"low": scale * interval.low, "high": scale * interval.high}
        if name in by_rule:
            yield _row(AS_SPECIFIED, INFERRED, "", name, "", scale * by_rule[name], shown)


def _budget(cells: Cells) -> Iterator[dict[str, Any]]:
    for row in budget(cells).to_dict("records"):
        middle = (row["low"] + row["high"]) / 2
        yield _row(AS_SPECIFIED, BUDGET, "", row["item"], "", middle, row["unit"]) | {
            "low": row["low"],
            "high": row["high"],
        }
