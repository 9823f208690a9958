"""The cost-benefit tables of effektrapport_2024 as printed, and what the document states about them.

The document names rates and no timing. The audit reads the tables with the timing under which most of their cells hold
(`CONVENTION`): amounts of month t are discounted t/12 years, those of costs too, and only what follows wages grows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from tiltakseffekt.documents.audit.cells import Cells
from tiltakseffekt.documents.audit.present_values import present_value_of
from tiltakseffekt.documents.measures import MEASURES
from tiltakseffekt.stages.cost_benefit.engine import (
    MONTHS_PER_YEAR,
    Array,
    Case,
    MonthOnMeasure,
    Rates,
    Span,
    Timing,
    discount_factors,
    effect_path,
    span_weights,
    stay_of_mean,
)
from tiltakseffekt.stages.cost_benefit.parameters import Measure, Parameters, parse_parameters
from tiltakseffekt.stages.cost_benefit.valuation import caseworker_hours, effect_spans, rates_of, saved_per_wage

DOCUMENT: Final = "effektrapport_2024"
TABLES: Final = (
    "tabell-1-1",
    "tabell-7-2",
    "tabell-7-3",
    "tabell-7-4",
    "tabell-7-5",
    "tabell-7-6",
    "tabell-7-7",
    "tabell-7-8",
)
#: Lines of chapter 7 whose numbers in the text belong to the tables.
CHAPTER: Final = (3113, 3730)
#: The measures of the analysis in the order of its tables, and what they are called there.
NAMES: Final = {
    "aft": "AFT",
    "amo": "AMO",
    "arbeidsrettet_rehab": "Arbeidsrettet rehabilitering",
    "arbeidstrening": "Arbeidstrening",
    "jobbklubb": "Jobbklubb",
    "midl_lonnstilskudd": "Midlertidig lønnstilskudd",
    "oppfolging": "Oppfølging",
    "utdanning": "Utdanning",
    "utvidet_oppfolging": "Utvidet oppfølging i NAV",
}
VALUED: Final = tuple(NAMES)
#: Rounding that the printed numbers of a table do not show: whole hundreds, thousands, and a little over 450 kroner.
STEPS: Final = {
    "tabell-7-7|AFT|Effekt på månedlig lønn år 2-7": 100.0,
    "tabell-7-7|Arbeidsrettet rehabilitering|Effekt på månedlig lønn år 2-7": 100.0,
    "text|Utdanning|Kostnad i andre sektorer uten skattefinansiering": 1000.0,
    "text|AFT, robusthetsutvalg|Effekt på årsinntekt første år": 1000.0,
    "text|AFT, robusthetsutvalg|Effekt på årsinntekt andre år": 500.0,
    "text|AFT, robusthetsutvalg|Effekt på årsinntekt tredje år": 500.0,
    "text|AFT, robusthetsutvalg|Sum prissatte virkninger": 1000.0,
    "text|NAV-veiledere|Timeverk til tiltaksoppfølging": 10000.0,
    "text|NAV-veiledere|Kostnad per timeverk": 25.0,
    "text|Jobbspesialister|2022": 1.0,
    "text|Jobbspesialister|Årsverkspris": 1000.0,
}

WAGE: Final = "midl_lonnstilskudd"
EDUCATION: Final = "utdanning"
FOLLOW_UP: Final = "oppfolging"

HOUR_PRICE: Final = "text|NAV-veiledere|Kostnad per timeverk"
HOURS: Final = "text|NAV-veiledere|Timeverk til tiltaksoppfølging"
MEASURE_MONTHS: Final = "text|Tiltaksmåneder|Standard, situasjonsbestemt og spesielt tilpasset innsats"
DAY_PRICE: Final = "text|Tiltakspenger|Dagsats 2022, kapittel 7.3.4"
DAYS: Final = "text|Tiltakspenger|Dager per måned"

LONG: Final = 40.0
DURATION: Final = "Gjennomsnittlig varighet"
BUDGET: Final = "Budsjettkostnad per måned"
MONTHLY: Final = "Budsjettmessig kostnad per måned"
COST: Final = "Total samfunnsøkonomisk kostnad"
SHARE: Final = "Andel av tiltaksmåneder med tiltakspenger"
WORTH: Final = "Total samfunnsøkonomisk virkning"
EFFECTS: Final = ("Effekt på månedlig lønn år 0-1", "Effekt på månedlig lønn år 1-2", "Effekt på månedlig lønn år 2-7")
BREAK_EVEN: Final = "Effekt på månedlig lønn år 2-7"
PER_CENT: Final = "Andel av opprinnelig estimat"
LASTS: Final = "Effektenes varighet"
SUM: Final = "Sum prissatte virkninger"
NAV_ROW: Final = "Tiltakskostnader finansiert av NAV"
OTHER_ROW: Final = "Tiltakskostnader i andre sektorer"
ALLOWANCE_ROW: Final = "Tiltakspenger"
CASEWORKER_ROW: Final = "Merkostnad NAV-veileders tidsbruk"
WORK_ROW: Final = "Effekt på verdiskaping"
SAVED_ROW: Final = "Spart trygd som følge av økt arbeid"
NET_ROW: Final = "Samlet netto nytte"


@dataclass(frozen=True)
class Convention:
    """When amounts are discounted, and whether costs grow with wages."""

    timing: Timing
    costs_grow: bool


CONVENTION: Final = Convention("monthly", False)
#: The timings that the audit compares.
TIMINGS: Final[tuple[Timing, ...]] = ("monthly", "mid_year", "yearly", "year_end")


@dataclass(frozen=True)
class Reading:
    """The printed cells and stated parameters, read with one convention."""

    cells: Cells
    parameters: Parameters
    convention: Convention = CONVENTION

    @property
    def rates(self) -> Rates:
        """The stated rates with the timing of the convention."""
        return replace(rates_of(self.parameters.general), timing=self.convention.timing)

    def measure(self, key: str) -> Measure:
        """Return the stated parameters of a measure."""
        return self.parameters.measures[key]

    def cost_months(self, duration: float) -> float:
        """Return the present value of one krone in each month of a course."""
        growth = self.rates.growth if self.convention.costs_grow else 0.0
        return present_value_of(self.rates, 1, growth)(duration)

    def spans(self, key: str, years: float | None = None) -> tuple[Span, ...]:
        """Return the months of the three printed effects; that of Utdanning in year 3 is zero and left out."""
        general = self.parameters.general
        late = self.measure(key).late_effect
        if late is None:
            return effect_spans(round(years or general.effect_persistence.value))
        first, second, _, last = effect_spans(general.effect_persistence.value, late.persistence.value)
        return (first, second, replace(last, last=round((years or late.persistence.value) * MONTHS_PER_YEAR)))

    def worth(self, key: str, years: float | None = None) -> Array:
        """Return what one krone of each printed effect is worth: value creation alone."""
        return self.rates.labour_cost * span_weights(self.spans(key, years), self.rates)

    @property
    def with_benefits(self) -> float:
        """Value creation and saved benefits per krone of value creation."""
        return 1 + saved_per_wage(self.rates) / self.rates.labour_cost

    def monthly_worth(self, key: str, effects: tuple[float, ...], years: float | None = None) -> Array:
        """Return the present value of effects, benefits included, month by month."""
        nothing = MonthOnMeasure(0.0, 0.0, None, 0.0, 0.0)
        path = effect_path(Case(self.rates, nothing, stay_of_mean(0.0), effects, self.spans(key, years)))
        months = np.arange(1, len(path) + 1, dtype=np.float64)
        factors = discount_factors(months, self.rates.discount, self.rates.growth, self.rates.timing)
        return self.rates.labour_cost * self.with_benefits * path * factors

    def cell(self, table: str, key: str, column: str) -> str:
        """Return the name of a cell of a measure, whichever way the table lies."""
        name = NAMES[key]
        across = table in ("tabell-1-1", "tabell-7-6")
        return f"{table}|{column}|{name}" if across else f"{table}|{name}|{column}"

    def effects(self, key: str) -> tuple[str, str, str]:
        """Return the names of the cells of the three effects."""
        first, second, third = (self.cell("tabell-7-5", key, column) for column in EFFECTS)
        return first, second, third

    def hours(self, key: str) -> float:
        """Return the stated hours of a caseworker per month."""
        return caseworker_hours(self.measure(key), self.parameters.general)


def prices_of_document(content: Mapping[str, Any]) -> Parameters:
    """Return the prices of the measures that the document has; an evaluation of today may price others too.

    Parameters
    ----------
    content
        ``prices.yaml`` of the evaluation, as `parse_parameters` takes it.
    """
    of_document = {key: prices for key, prices in content["measures"].items() if key in MEASURES}
    return parse_parameters({**content, "measures": of_document}, MEASURES)
