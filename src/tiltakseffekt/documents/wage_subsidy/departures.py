"""Where the printed tables of vlt_rapport depart from the rules that it states, and what each departure is worth.

The reconstructed inputs give the printed tables. A departure is undone by taking some of these inputs from the stated
ones; all of them undone, nothing but the stated rules is left.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from tiltakseffekt.documents.audit.cells import Cells
from tiltakseffekt.documents.wage_subsidy.comparison import (
    AS_PRINTED,
    AS_SPECIFIED,
    DENMARK,
    LEVELS,
    SHARE,
    SWEDEN,
    level_cell,
    subsidy_levels,
)
from tiltakseffekt.documents.wage_subsidy.reconstruction import THOUSAND, fiscal_cell, social_cell
from tiltakseffekt.evaluations.varig_lonnstilskudd.alternatives import (
    ALTERNATIVES,
    BENEFIT,
    CHANGE,
    DISABILITY,
    DISPLACING,
    FULL_AND_HALF,
    GRADED,
    NET,
    SUM,
    VLT,
    VTAO,
    Inputs,
    fiscal_account,
    net_benefit,
    social_account,
)
from tiltakseffekt.evaluations.varig_lonnstilskudd.benefits import disability_benefit, reduced_benefit
from tiltakseffekt.evaluations.varig_lonnstilskudd.parameters import MONTHS_PER_YEAR, Parameters

#: What a departure changes of the alternative that it concerns most.
NET_SUM: Final = "netto_sum"
NET_FIRST: Final = "netto_ar_0"
FINANCING: Final = "endret_finansieringsbehov"
DIFFERENCE: Final = "forskjell_fra_vlt"
SHARE_OF_MONTHS: Final = "andel_av_maneder"
MONTHS: Final = "varighet"
PERCENT: Final = "reduksjon"
PRESENT_VALUE: Final = "navaerdi_av_dodvekt"
BENEFIT_PAID: Final = "uforetrygd"

#: What becomes of the conclusion: another sign, another place in the ranking, another size, or nothing that shows.
SIGN: Final = "fortegn"
RANK: Final = "rang"
SIZE: Final = "storrelsen"
NONE: Final = "ingen"


@dataclass(frozen=True)
class Departure:
    """A place where a printed table departs from a stated rule.

    Parameters
    ----------
    key
        Its name.
    stated, printed
        Lines of the rule and of the cells.
    fields
        Inputs that the departure concerns.
    alternative
        Whose result is told.
    quantity
        Which result: `NET_SUM`, `NET_FIRST` or `FINANCING`.
    """

    key: str
    stated: int
    printed: int
    fields: tuple[str, ...]
    alternative: str
    quantity: str = NET_SUM


DEPARTURES: Final = (
    Departure("produksjon_i_vtao", 2664, 2689, ("vtao_factor",), VTAO),
    Departure("skattekostnad_ved_ufore", 2478, 2706, ("benefit_is_tax_cost",), BENEFIT),
    Departure("produksjon_ved_ufore", 2411, 2705, ("side_factor",), BENEFIT),
    Departure("fortrenging_forste_ar", 2673, 2702, ("displaced",), DISPLACING, NET_FIRST),
    Departure("fortrenging_senere_ar", 2677, 2703, ("displaced_later",), DISPLACING),
    Departure("full_uforetrygd", 2670, 2736, ("disability_rate",), VTAO),
    Departure("gradert_uforetrygd", 2670, 2736, ("graded_rate",), GRADED),
    Departure("tilskuddssats", 2656, 2735, ("subsidy_rate",), VLT),
    Departure("lonn", 2062, 2684, ("wage",), VLT),
    Departure("skatteregler", 2484, 2740, ("tax",), VLT),
    Departure("tilskudd_talt_to_ganger", 2482, 2739, ("vtao_paid",), VTAO, FINANCING),
    Departure("sammenlignet_med_annet", 2748, 2748, ("change_of_benefit",), FULL_AND_HALF, FINANCING),
    Departure("analyseperiode", 2589, 2681, ("years",), VLT),
)


def undo(inputs: Inputs, stated: Inputs, departure: Departure) -> Inputs:
    """Return inputs in which the stated rule holds where one departure was."""
    return replace(inputs, **{name: getattr(stated, name) for name in departure.fields})


def result(inputs: Inputs, alternative: str, quantity: str) -> float:
    """Return one result of an alternative, in kroner."""
    if quantity == FINANCING:
        account = fiscal_account(inputs)
        chosen = account[(account["alternative"] == alternative) & (account["item"] == CHANGE)]
    else:
        account = social_account(inputs)
        year = "0" if quantity == NET_FIRST else SUM
        of_year = account[account["year"] == year]
        chosen = of_year[(of_year["alternative"] == alternative) & (of_year["item"] == NET)]
    return float(chosen["value"].iloc[0])


def rank(inputs: Inputs, alternative: str) -> int:
    """Return the place of an alternative by net benefit over all years, 1 being the best."""
    nets = net_benefit(inputs)
    return 1 + sum(net > nets[alternative] for net in nets.values())


def consequence(before: float, after: float, ranks: tuple[int, int] = (0, 0), step: float = THOUSAND) -> str:
    """Say what becomes of a result: its sign first, then its place, then its size as printed."""
    if (before > 0) != (after > 0):
        return SIGN
    if ranks[0] != ranks[1]:
        return RANK
    return SIZE if abs(after - before) >= step else NONE


def _undone(found: Inputs, stated: Inputs) -> Iterator[dict[str, Any]]:
    for departure in DEPARTURES:
        other = undo(found, stated, departure)
        before = result(found, departure.alternative, departure.quantity)
        after = result(other, departure.alternative, departure.quantity)
        places = (0, 0)
        if departure.quantity != FINANCING:
            places = rank(found, departure.alternative), rank(other, departure.alternative)
        yield {
            "key": departure.key,
            "stated_line": departure.stated,
            "printed_line": departure.printed,
            "subject": departure.alternative,
            "quantity": departure.quantity,
            "unit": "thousand_nok",
            "printed": before / THOUSAND,
            "by_rule": after / THOUSAND,
            "consequence": consequence(before, after, places),
            "rank_printed": places[0] or None,
            "rank_by_rule": places[1] or None,
        }


def _told(
    key: str,
    lines: tuple[int, int],
    what: tuple[str, str, str],
    printed: float,
    by_rule: float,
    step: float,
) -> dict[str, Any]:
    """Return a departure: lines are those of the rule and of the number, what is subject, quantity and unit."""
    subject, quantity, unit = what
    return {
        "key": key,
        "stated_line": lines[0],
        "printed_line": lines[1],
        "subject": subject,
        "quantity": quantity,
        "unit": unit,
        "printed": printed,
        "by_rule": by_rule,
        "consequence": consequence(printed, by_rule, step=step / 2),
        "rank_printed": None,
        "rank_by_rule": None,
    }


def _reduction(cells: Cells, parameters: Parameters, found: Inputs) -> dict[str, Any]:
    """Set the uføretrygd beside half a position against its reduction for income, on which note 33 rests (l. 2635)."""
    rules, basic_amount = parameters.disability, parameters.analysis.basic_amount.yearly
    full = disability_benefit(found.wage, 1.0, basic_amount, rules)
    paid = reduced_benefit(full, found.position * found.wage, found.wage, basic_amount, rules)
    cell = cells[fiscal_cell(FULL_AND_HALF, DISABILITY)]
    lines = (2635, cell.line)
    return _told(
        "avkorting_ved_halv_stilling",
        lines,
        (FULL_AND_HALF, BENEFIT_PAID, "thousand_nok"),
        cell.value,
        paid / THOUSAND,
        1,
    )


def _of_text(cells: Cells, parameters: Parameters) -> Iterator[dict[str, Any]]:
    sums = {alternative: cells[social_cell(alternative, NET, SUM)].value for alternative in ALTERNATIVES}
    million, thousand = THOUSAND, "thousand_nok"
    told = cells[f"{social_cell(VLT, NET, SUM)}, tekst"]
    yield _told("netto_i_teksten", (2687, 2621), (VLT, NET_SUM, thousand), told.value * million, sums[VLT], 100)
    told = cells["text|VLT mot VTO|Netto bidrag"]
    difference = sums[VLT] - sums[VTAO]
    yield _told("vlt_mot_vto", (2692, 2633), (VTAO, DIFFERENCE, thousand), told.value * million, difference, 100)
    rate = parameters.analysis.discount_rate.share
    wasted = parameters.analysis.deadweight.share * parameters.analysis.tax_financing_cost.share
    yearly = wasted * cells[fiscal_cell(VLT, "tilskudd")].value
    shown = cells["text|Dødvektstap|Neddiskontert over 7 år"].value
    seven = yearly * sum((1 + rate) ** -year for year in range(parameters.analysis.period.value))
    yield _told("dodvekt_over_sju_ar", (2589, 2786), (VLT, PRESENT_VALUE, thousand), shown, seven, 1)
    new, lowest = (cells[f"text|Tilskuddssats, nye saker 2023|{c}"].value for c in ("Gjennomsnitt", "Trøndelag"))
    reduction = cells["text|Tilskudd|Reduksjon med nivået i Trøndelag"].value
    yield _told("lavere_satser", (2472, 2474), (VLT, PERCENT, "percent"), reduction, 100 * (1 - lowest / new), 0.1)
    within = cells["figur-5-15|Gjennomsnittlig varighet innenfor dataene|Måneder"].value
    median = cells["figur-5-15|Median varighet|Måneder"].value
    left = cells["figur-5-15|Fortsatt i tiltaket|8 år"].value / 100
    window = MONTHS_PER_YEAR * parameters.duration.window.value
    least = 0.5 * median + left * (window - median)
    yield _told("varighet_innenfor_data", (2079, 2583), (VLT, MONTHS, "months"), within, least, 1)
    told = cells["text|Samtidige tiltak|Andel av månedene"]
    counted = cells["tabell-5-6|Minst ett annet tiltak|Andel av deltakermånedene"]
    lines = (counted.line, told.line)
    yield _told("samtidige_tiltak", lines, (VLT, SHARE_OF_MONTHS, "percent"), told.value, counted.value, 1)
    levels = subsidy_levels(cells, parameters)
    shares = levels[levels["item"] == SHARE].set_index(["basis", "level", "country"])["value"]
    for country, stated_line in ((DENMARK, 733), (SWEDEN, 826)):
        for level in LEVELS:
            line = cells[level_cell(level, country, "Lønnstilskudd")].line
            printed, by_rule = (float(shares.loc[basis, level, country]) for basis in (AS_PRINTED, AS_SPECIFIED))
            key = f"terskel_{country}_{level}"
            yield _told(key, (stated_line, line), (country, SHARE, "percent"), printed, by_rule, 1)


def find_errata(cells: Cells, parameters: Parameters, found: Inputs, stated: Inputs) -> pd.DataFrame:
    """List every place where printed tables or text depart from a stated rule, and what holds by the rule.

    Parameters
    ----------
    cells
        Printed cells of vlt_rapport.
    parameters
        Checked parameters.
    found
        Inputs that give the printed tables.
    stated
        Inputs by the stated rules.

    Returns
    -------
    pandas.DataFrame
        Table WAGE_SUBSIDY_ERRATA. Each departure is undone alone.
    """
    # Tabell 7-2 shows more years than the period that the text states.
    of_the_period = replace(stated, years=parameters.analysis.period.value)
    rows = [
        *_undone(found, of_the_period),
        _reduction(cells, parameters, found),
        *_of_text(cells, parameters),
    ]
    table = pd.DataFrame(rows).astype({"rank_printed": "Int64", "rank_by_rule": "Int64"})
    return table.assign(position=range(len(table)))
