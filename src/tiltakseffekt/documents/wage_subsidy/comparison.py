"""Tabell 3-4: what a subsidy covers of labour cost in Norway, Denmark and Sweden."""

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pandas as pd

from tiltakseffekt.documents.audit.cells import Cells
from tiltakseffekt.evaluations.varig_lonnstilskudd.benefits import flexjob_subsidy, wage_subsidy
from tiltakseffekt.evaluations.varig_lonnstilskudd.parameters import MONTHS_PER_YEAR, Parameters

#: Sets of numbers that are never mixed: the printed cells; the stated rules; what gives the printed cells.
AS_PRINTED: Final = "as_printed"
AS_SPECIFIED: Final = "as_specified"
AS_RECONSTRUCTED: Final = "as_reconstructed"
BASES: Final = (AS_PRINTED, AS_SPECIFIED, AS_RECONSTRUCTED)

AVERAGE: Final = "gjennomsnittslonn"
LOWEST: Final = "minstelonn"
LEVELS: Final = (AVERAGE, LOWEST)
DENMARK: Final = "danmark"
SWEDEN: Final = "sverige"
NORWAY: Final = "norge"
COUNTRIES: Final = (DENMARK, SWEDEN, NORWAY)
PAID: Final = "tilskudd_per_maned"
SHARE: Final = "andel_av_lonnskostnad"

_WORDS: Final[Mapping[str, str]] = {
    AVERAGE: "Gjennomsnittslønn",
    LOWEST: "Minstelønn",
    DENMARK: "Danmark",
    SWEDEN: "Sverige",
    NORWAY: "Norge",
}


def level_cell(level: str, country: str, column: str) -> str:
    """Return the name of a cell of Tabell 3-4."""
    return f"tabell-3-4|{_WORDS[level]}|{_WORDS[country]}|{column}"


def subsidy_levels(cells: Cells, parameters: Parameters) -> pd.DataFrame:
    """Compute the subsidy of Tabell 3-4 on each basis.

    By the stated rules, thresholds in Danish and Swedish money are converted to kroner, and so is the lowest Swedish
    wage. The Swedish share of the wage is not printed; here the whole wage under the ceiling is paid, which is the
    most that the rule allows. Reconstructed, the Danish threshold stands unconverted; nothing gives the Swedish amount.

    Parameters
    ----------
    cells
        Printed cells of vlt_rapport.
    parameters
        Checked parameters.

    Returns
    -------
    pandas.DataFrame
        Columns basis, level, country, item and value: kroner per month, and per cent of labour cost.
    """
    return pd.DataFrame(_levels(cells, parameters))


def _levels(cells: Cells, parameters: Parameters) -> Iterator[dict[str, Any]]:
    for level in LEVELS:
        for country in COUNTRIES:
            wage, cost, printed = (
                cells[level_cell(level, country, column)].value
                for column in ("Månedslønn", "Lønnskostnad", "Lønnstilskudd")
            )
            stated, converted_cost = _by_rules(level, country, wage, cost, parameters)
            reconstructed = _as_calculated(country, wage, cost, parameters)
            for basis, paid, of in (
                (AS_PRINTED, printed, cost),
                (AS_SPECIFIED, stated, converted_cost),
                (AS_RECONSTRUCTED, reconstructed, cost),
            ):
                place = {"basis": basis, "level": level, "country": country}
                yield {**place, "item": PAID, "value": paid}
                yield {**place, "item": SHARE, "value": 100 * paid / of}


def _norwegian(cost: float, parameters: Parameters) -> float:
    rate = parameters.subsidy.later_ceiling.share
    basic_amount = parameters.comparison.basic_amount.yearly
    return wage_subsidy(MONTHS_PER_YEAR * cost, rate, basic_amount, parameters.subsidy) / MONTHS_PER_YEAR


def _danish(wage: float, exchange: float, parameters: Parameters) -> float:
    rules = parameters.comparison
    threshold = exchange * rules.flexjob_threshold.value
    return flexjob_subsidy(wage, threshold, rules.flexjob_lower_rate.share, rules.flexjob_upper_rate.share)


def _by_rules(level: str, country: str, wage: float, cost: float, parameters: Parameters) -> tuple[float, float]:
    """Return the subsidy and the labour cost, both in Norwegian kroner."""
    rules = parameters.comparison
    if country == DENMARK:
        return _danish(wage, rules.nok_per_dkk.value, parameters), cost
    if country == NORWAY:
        return _norwegian(cost, parameters), cost
    # The lowest wage, and with it its labour cost, is printed in kronor.
    exchange = rules.nok_per_sek.value if level == LOWEST else 1.0
    return min(exchange * wage, rules.swedish_ceiling.value * rules.nok_per_sek.value), exchange * cost


def _as_calculated(country: str, wage: float, cost: float, parameters: Parameters) -> float:
    if country == DENMARK:
        return _danish(wage, 1.0, parameters)
    return _norwegian(cost, parameters) if country == NORWAY else math.nan
