"""vtao_horing: what is budget neutral about following up in place of a subsidy, and what is not."""

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from tiltakseffekt.documents.audit.cells import Cells
from tiltakseffekt.evaluations.varig_lonnstilskudd.parameters import MONTHS_PER_YEAR

PLACE: Final = "kostnad_per_plass"
SPECIALIST: Final = "kostnad_per_jobbspesialist"
GROWTH_NEEDED: Final = "vekst_som_tallet_krever"
GROWTH_OBSERVED: Final = "vekst_observert"
ENTRANTS_PRINTED: Final = "nye_deltakere_trykt"
ENTRANTS: Final = "nye_deltakere_med_observert_vekst"
GROWTH_COST: Final = "kostnad_ved_ett_ars_vekst"
ITEMS: Final = (PLACE, SPECIALIST, ENTRANTS_PRINTED, GROWTH_NEEDED, GROWTH_OBSERVED, ENTRANTS, GROWTH_COST)

_RATE: Final = "text|VTA-O|Tilskudd per måned"
_EXITS_AFTER: Final = "text|Avgang etter omleggingen|Per år"
_CASELOAD: Final = "text|Deltakere per jobbspesialist|Beregningsteknisk anslag"
_NEW: Final = "text|Nye deltakere etter omleggingen|Per år"
_YEARS: Final = range(2020, 2024)


def budget(cells: Cells) -> pd.DataFrame:
    """Compute what the consultation paper leaves unsaid of its own budget.

    A place costs the same as before when a specialist who follows up 12 to 15 participants costs no more than their
    subsidies together. The number of new participants is exits plus growth; the growth that it needs is set beside
    the growth of its own table. Neutral per place is not neutral in all: growth costs a subsidy per place.

    Parameters
    ----------
    cells
        Printed cells of vtao_horing.

    Returns
    -------
    pandas.DataFrame
        Columns item, low, high and unit.
    """
    return pd.DataFrame(_budget(cells))


def _budget(cells: Cells) -> Iterator[dict[str, Any]]:
    yearly = MONTHS_PER_YEAR * cells[_RATE].value
    exits = cells[_EXITS_AFTER].value
    new = [cells[_NEW].value, cells[f"{_NEW}|prose"].value]
    loads = [cells[_CASELOAD].value, cells[f"{_CASELOAD}|prose"].value]
    observed = [cells[f"tabell-u1|{year}|Netto vekst"].value for year in _YEARS]
    growth = [number - exits for number in new]
    for item, values, unit in (
        (PLACE, [yearly], "nok_per_year"),
        (SPECIALIST, [load * yearly for load in loads], "nok_per_year"),
        (ENTRANTS_PRINTED, new, "persons"),
        (GROWTH_NEEDED, growth, "persons"),
        (GROWTH_OBSERVED, observed, "persons"),
        (ENTRANTS, [exits + number for number in observed], "persons"),
        (GROWTH_COST, [number * yearly for number in growth], "nok_per_year"),
    ):
        yield {"item": item, "low": min(values), "high": max(values), "unit": unit}
