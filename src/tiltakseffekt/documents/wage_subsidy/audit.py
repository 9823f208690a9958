"""A verdict on each printed number of the cost-benefit analysis of vlt_rapport (chapters 3, 7) and vtao_horing.

Each rule is the one that the document states. Where it contradicts a printed cell, the finding also carries the
feasible interval of the number that would give the cell.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

import pandas as pd

from tiltakseffekt.documents.audit.cells import Cell, Cells, cell_name
from tiltakseffekt.documents.audit.formulas import Formula, Name, Number, total
from tiltakseffekt.documents.audit.intervals import Interval
from tiltakseffekt.documents.audit.verdicts import Finding, Rule, Verdict, findings_table, judge
from tiltakseffekt.documents.wage_subsidy.reconstruction import (
    COLUMNS,
    THOUSAND,
    Reconstruction,
    fiscal_cell,
    social_cell,
)
from tiltakseffekt.evaluations.varig_lonnstilskudd import alternatives as alt
from tiltakseffekt.evaluations.varig_lonnstilskudd.parameters import MONTHS_PER_YEAR, Parameters

#: Units of rounding that the words around a number give: "om lag", "vel", a range of round numbers.
STEPS_VLT_RAPPORT: Final[Mapping[str, float]] = {
    "tabell-3-2|Antall VLT (inkl. TULT)|Vekst 2016-2023": 1.0,
    "text|Tak på refusjon|Per år, 2024": 10000.0,
}
STEPS_VTAO_HORING: Final[Mapping[str, float]] = {
    "text|Avgang etter omleggingen|Per år": 50.0,
    "text|Nye deltakere etter omleggingen|Per år": 50.0,
    "text|Nye deltakere etter omleggingen|Per år|prose": 50.0,
}
TABLES: Final = ("tabell-3-1", "tabell-3-2", "tabell-3-3", "tabell-3-4", "tabell-7-1", "tabell-7-2", "tabell-7-3")
#: Lines of chapters 3 and 7, in which further numbers stand in running text.
CHAPTERS: Final = (range(530, 981), range(2355, 2846))
YEARS: Final = tuple(range(2016, 2024))
FLOW_YEARS: Final = tuple(range(2020, 2024))

#: Cells of the text that rules point to.
_RATE_ALL: Final = "figur-5-12|Alle|Gjennomsnittlig sats"
_PERIOD: Final = "text|Analyseperiode|År"
_WEEKS: Final = "text|Dagpengeperiode 2023|Gjennomsnitt"
_ASSUMED: Final = "tabell-7-1"


def in_scope(cell: Cell) -> bool:
    """Say whether a cell of vlt_rapport belongs to the audit."""
    in_chapters = any(cell.line in lines for lines in CHAPTERS)
    return cell.exhibit in TABLES or (in_chapters and cell.kind != "derived")


def _expenditure(year: int) -> str:
    return cell_name("tabell-3-1", "", "", "Utgifter til arbeidsmarkedstiltak", str(year))


def _chapter_3(cells: Cells) -> Iterator[Rule]:
    """Tabell 3-1 to 3-3 and what the text says of them."""
    share = "Varig lønnstilskudd, andel av tiltaksutgiftene"
    number, real = "Antall VLT (inkl. TULT)", "Utgifter til arbeidsmarkedstiltak, 2016-priser"
    for year in YEARS:
        column = str(year)
        sum_ = cell_name("tabell-3-1", "", "", "Sum", column)
        parts = [cell_name("tabell-3-1", "", "", row, column) for row in ("Varig lønnstilskudd", "TULT")]
        yield Rule(sum_, total(Name(part) for part in parts if part in cells), 619, "sum")
        yield Rule(
            cell_name("tabell-3-1", "", "", share, column), 100 * Name(sum_) / Name(_expenditure(year)), 624, "share"
        )
        priced = cell_name("tabell-3-3", "", "", real, column)
        deflator = cell_name("tabell-3-3", "", "", "Deflator, statlig konsum", column)
        yield Rule(priced, 100 * Name(_expenditure(year)) / Name(deflator), 670, "deflated")
        if year > YEARS[0]:
            before = str(year - 1)
            for table, row, of, line in (
                ("tabell-3-2", "Vekst antall", number, 658),
                ("tabell-3-3", "Vekst i realverdi", real, 677),
            ):
                now, then = Name(cell_name(table, "", "", of, column)), Name(cell_name(table, "", "", of, before))
                yield Rule(cell_name(table, "", "", row, column), 100 * (now / then) - 100, line, "growth")
    last = str(YEARS[-1])
    first_number, last_number = (Name(cell_name("tabell-3-2", "", "", number, str(year))) for year in (2016, 2023))
    yield Rule(
        cell_name("tabell-3-2", "", "", number, "Vekst 2016-2023"),
        100 * (last_number / first_number) - 100,
        646,
        "growth",
    )
    for told, table in (
        (cell_name("tabell-3-2", number, last, "prose"), cell_name("tabell-3-2", number, last)),
        (cell_name("tabell-3-2", "Andel av alle tiltak", last, "prose"), "tabell-3-2|Andel av alle tiltak|2023"),
        (cell_name("tabell-3-2", "Andel av alle tiltak", last, "646"), "tabell-3-2|Andel av alle tiltak|2023"),
        ("tabell-3-2|Andel av alle tiltak|2016|prose", "tabell-3-2|Andel av alle tiltak|2016"),
        ("tabell-3-1|Sum|2023|prose", "tabell-3-1|Sum|2023"),
        (cell_name("tabell-3-1", share, last, "prose"), cell_name("tabell-3-1", share, last)),
        ("tabell-3-3|Vekst i realverdi|2017|prose", "tabell-3-3|Vekst i realverdi|2017"),
    ):
        yield Rule(told, Name(table), cells[told].line, "as_in_table")


def _compared(panel: str, country: str, column: str) -> str:
    return cell_name("tabell-3-4", panel, "", country, column)


def _meet(intervals: list[Interval]) -> Interval:
    return Interval(max(i.low for i in intervals), min(i.high for i in intervals))


def flexjob_formula(wage: Formula, parameters: Parameters) -> Formula:
    """Return the Danish subsidy of a wage above the threshold, which is named ``flexjob_threshold``."""
    rules = parameters.comparison
    lower, upper = rules.flexjob_lower_rate.share, rules.flexjob_upper_rate.share
    return upper * wage + (lower - upper) * Name("flexjob_threshold")


def _comparison(cells: Cells, parameters: Parameters) -> Iterator[Finding]:
    """Tabell 3-4."""
    rules = parameters.comparison
    hourly = [
        cells[month].interval / cells[hour].interval
        for panel in ("Gjennomsnittslønn", "Minstelønn")
        for country in ("Danmark", "Sverige", "Norge")
        if (hour := _compared(panel, country, "Timelønn")) in cells
        and (month := _compared(panel, country, "Månedslønn")) in cells
    ]
    hours = {"hours_per_month": _meet(hourly)}
    cap = parameters.subsidy.cap.value / MONTHS_PER_YEAR
    rate = parameters.subsidy.later_ceiling.share
    threshold = {"flexjob_threshold": Interval.exactly(rules.flexjob_threshold.value * rules.nok_per_dkk.value)}
    ceiling = rules.swedish_ceiling.value * rules.nok_per_sek.value
    for panel in ("Gjennomsnittslønn", "Minstelønn"):
        for country in ("Danmark", "Sverige", "Norge"):
            wage, cost, paid, part = (
                _compared(panel, country, column)
                for column in ("Månedslønn", "Lønnskostnad", "Lønnstilskudd", "Tilskudd, prosent av lønnskostnad")
            )
            hour = _compared(panel, country, "Timelønn")
            line = cells[wage].line
            if hour in cells:
                yield judge(Rule(hour, None, line, "given"), cells)
                yield judge(Rule(wage, Name(hour) * Name("hours_per_month"), line, "hours"), cells, inferred=hours)
            else:
                converted = Number(rules.swedish_lowest_wage.value * rules.nok_per_sek.value)
                yield judge(
                    Rule(wage, converted, 943, "converted"), cells, against=("text|Sverige, inngangslønn|2021",)
                )
            average = [Name(_compared("Gjennomsnittslønn", country, c)) for c in ("Lønnskostnad", "Månedslønn")]
            same_factor = average[0] / average[1] * Name(wage) if panel == "Minstelønn" else None
            yield judge(Rule(cost, same_factor, line, "same_factor" if same_factor else "given"), cells)
            match country:
                case "Danmark":
                    subsidy = Rule(paid, flexjob_formula(Name(wage), parameters), 733, "flexjob")
                    upper = rules.flexjob_upper_rate.share
                    used = (cells[paid].interval - cells[wage].interval * Interval.exactly(upper)) / Interval.exactly(
                        rules.flexjob_lower_rate.share - upper
                    )
                    against = ("text|Danmark, fleksjob|Grense",)
                    yield _contradicted(subsidy, cells, threshold, {"flexjob_threshold": used}, against)
                case "Sverige":
                    against = ("text|Sverige, Lönebidrag|Lønnsgrense per måned",)
                    yield judge(Rule(paid, Number(ceiling), 826, "swedish_ceiling"), cells, against=against)
                case _:
                    share = rate * Name(cost)
                    if cells[paid].value < rate * cells[cost].value - cells[paid].step:
                        capped = {"basic_amount": cells[paid].interval / Interval.exactly(cap)}
                        yield judge(Rule(paid, cap * Name("basic_amount"), 588, "cap"), cells, inferred=capped)
                    else:
                        yield judge(Rule(paid, share, 586, "ceiling"), cells)
            yield judge(Rule(part, 100 * Name(paid) / Name(cost), line, "share"), cells)


def _contradicted(
    rule: Rule,
    cells: Cells,
    inputs: Mapping[str, Interval],
    instead: Mapping[str, Interval],
    against: tuple[str, ...],
) -> Finding:
    """Judge by the stated rule; when it contradicts the cell, tell which number in its place would give it."""
    finding = judge(rule, cells, inputs, against=against)
    return replace(finding, inferred=instead) if finding.verdict is Verdict.INCONSISTENT else finding


def _times(interval: Interval, factor: float) -> Interval:
    return interval * Interval.exactly(factor)


def _assumptions(cells: Cells, found: Reconstruction) -> Iterator[Finding]:
    """Tabell 7-1."""
    rate = {"subsidy_rate": _times(found.feasible["subsidy_rate"], 100)}
    bonus = cell_name(_ASSUMED, "", "", "Tilskudd per måned", "2 VTA-O")
    weeks = cell_name(_ASSUMED, "", "", "Fortrenging, varighet", "1b Heltid med VLT og fortrengning")
    graded, full = (
        cell_name(_ASSUMED, "", "", "Uføretrygd", column) for column in ("3 Gradert (50%) uføretrygd", "2 VTA-O")
    )
    for cell in cells.of(_ASSUMED):
        if cell.row == "Tilskudd, andel av lønn":
            yield _contradicted(Rule(cell.name, Name(_RATE_ALL), 2603, "mean_rate"), cells, {}, rate, (_RATE_ALL,))
        elif cell.name == bonus:
            yield judge(Rule(bonus, Name("text|VTA-O|Tilskudd per måned"), 2436, "as_in_text"), cells)
        elif cell.name == weeks:
            yield judge(Rule(weeks, Name(_WEEKS), 2530, "as_in_text"), cells)
        elif cell.name == graded:
            yield judge(Rule(graded, 0.5 * Name(full), 2670, "half_degree"), cells)
        else:
            yield judge(Rule(cell.name, None, cell.line, "given"), cells)


def _social(cells: Cells, parameters: Parameters, found: Reconstruction) -> Iterator[Finding]:
    """Tabell 7-2."""
    stated = parameters.analysis
    growth = 1 + stated.discount_rate.share
    years = [str(year) for year in range(stated.years_shown.value)]
    for year in years:
        name = cell_name("tabell-7-2", "", "", "Diskontering", year)
        yield judge(Rule(name, Number(growth ** -int(year)), 2596, "discount"), cells)
    first = {
        (a, i): social_cell(a, i, "0")
        for a in alt.ALTERNATIVES
        for i in (alt.PRODUCTION, alt.TAX_COST, alt.DISPLACEMENT, alt.NET)
    }
    for alternative in alt.ALTERNATIVES:
        yield from _first_production(cells, parameters, found, alternative, first)
        yield from _first_tax_cost(cells, parameters, found, alternative, first)
        for item in (alt.PRODUCTION, alt.TAX_COST):
            for year in years[1:]:
                rule = Number(growth ** -int(year)) * Name(first[alternative, item])
                yield judge(Rule(social_cell(alternative, item, year), rule, 2596, "discounted"), cells)
        yield from _displacements(cells, parameters, found, alternative, years)
        for item in (alt.PRODUCTION, alt.TAX_COST):
            rule = total(Name(social_cell(alternative, item, year)) for year in years)
            yield judge(Rule(social_cell(alternative, item, alt.SUM), rule, 2681, "sum"), cells)
        yield from _nets(cells, found, alternative, years, growth)


def _first_production(
    cells: Cells,
    parameters: Parameters,
    found: Reconstruction,
    alternative: str,
    first: Mapping[tuple[str, str], str],
) -> Iterator[Finding]:
    stated = parameters.analysis
    factor, name = stated.labour_cost_factor.value, first[alternative, alt.PRODUCTION]
    match alternative:
        case "vlt_heltid":
            rule = factor * Name("wage") - Name(fiscal_cell(alt.VLT, alt.SUBSIDY))
            wage = {"wage": found.feasible["wage"]}
            yield judge(Rule(name, rule, 2659, "labour_cost_less_subsidy"), cells, inferred=wage)
        case "vtao":
            bonus = Name(cell_name(_ASSUMED, "", "", "Tilskudd per måned", "2 VTA-O"))
            rule = factor * MONTHS_PER_YEAR / THOUSAND * bonus
            instead = {"vtao_factor": found.feasible["vtao_factor"]}
            against = (cell_name(_ASSUMED, "", "", "Faktor lønn til produksjonsbidrag", "2 VTA-O"),)
            yield _contradicted(Rule(name, rule, 2664, "labour_cost"), cells, {}, instead, against)
        case "gradert_ufore":
            rule = stated.position.share * Name(first[alt.VLT, alt.PRODUCTION])
            yield judge(Rule(name, rule, 2611, "half_position"), cells)
        case "vlt_fortrengning":
            yield judge(Rule(name, Name(first[alt.VLT, alt.PRODUCTION]), 2612, "as_alternative_1"), cells)
        case _:
            amount = {"basic_amount": _times(found.feasible["side_income"], 1 / stated.side_income.value)}
            rule = stated.side_income.value * Name("basic_amount")
            yield judge(Rule(name, rule, 2654, "half_basic_amount"), cells, inferred=amount)


def _first_tax_cost(
    cells: Cells,
    parameters: Parameters,
    found: Reconstruction,
    alternative: str,
    first: Mapping[tuple[str, str], str],
) -> Iterator[Finding]:
    name, share = first[alternative, alt.TAX_COST], parameters.analysis.tax_financing_cost.share
    if alternative == alt.DISPLACING:
        yield judge(Rule(name, Name(first[alt.VLT, alt.TAX_COST]), 2612, "as_alternative_1"), cells)
        return
    if alternative == alt.BENEFIT:
        tax = {"tax_full_ufore": found.feasible["tax_full_ufore"]}
        rule = share * (Name(fiscal_cell(alt.VTAO, alt.DISABILITY)) - Name("tax_full_ufore"))
        instead = {"tax_cost_share_of_benefit": Interval.exactly(1.0)}
        against = ("text|Skattekostnad|Andel av nettovirkning",)
        yield _contradicted(Rule(name, rule, 2478, "tax_cost"), cells, tax, instead, against)
        return
    paid = total(Name(cell) for i in (alt.SUBSIDY, alt.DISABILITY) if (cell := fiscal_cell(alternative, i)) in cells)
    yield judge(Rule(name, share * (paid - Name(fiscal_cell(alternative, alt.TAX))), 2478, "tax_cost"), cells)


def _displacements(
    cells: Cells, parameters: Parameters, found: Reconstruction, alternative: str, years: list[str]
) -> Iterator[Finding]:
    names = [name for year in (*years, alt.SUM) if (name := social_cell(alternative, alt.DISPLACEMENT, year)) in cells]
    if alternative != alt.DISPLACING:
        for name in names:
            yield judge(Rule(name, Number(0.0), 2672, "no_displacement"), cells)
        return
    weeks = Name(cell_name(_ASSUMED, "", "", "Fortrenging, varighet", "1b Heltid med VLT og fortrengning"))
    labour_cost = Name(social_cell(alt.VLT, alt.PRODUCTION, "0")) + Name(fiscal_cell(alt.VLT, alt.SUBSIDY))
    rule = Rule(names[0], weeks / alt.WEEKS_PER_YEAR * labour_cost, 2673, "displacement")
    instead = {"displacement": found.feasible["displacement"]}
    yield _contradicted(rule, cells, {}, instead, tuple(sorted(weeks.names())))
    for year in years[1:]:
        yield judge(
            Rule(social_cell(alt.DISPLACING, alt.DISPLACEMENT, year), Number(0.0), 2677, "no_displacement"), cells
        )
    printed = total(Name(social_cell(alt.DISPLACING, alt.DISPLACEMENT, year)) for year in years)
    against = tuple(social_cell(alt.DISPLACING, alt.DISPLACEMENT, year) for year in years)
    # A printed zero of these rows is no rounded amount: the rule says none.
    none = {name: Interval.exactly(0.0) for name in against[1:]}
    instead = {"displacement_later": Interval.exactly(float(sum(range(parameters.analysis.years_shown.value - 1))))}
    yield _contradicted(
        Rule(social_cell(alt.DISPLACING, alt.DISPLACEMENT, alt.SUM), printed, 2681, "sum"),
        cells,
        none,
        instead,
        against,
    )


def _nets(cells: Cells, found: Reconstruction, alternative: str, years: list[str], growth: float) -> Iterator[Finding]:
    for year in (*years, alt.SUM):
        made, taxed, lost = (
            Name(social_cell(alternative, item, year)) for item in (alt.PRODUCTION, alt.TAX_COST, alt.DISPLACEMENT)
        )
        rule = Rule(social_cell(alternative, alt.NET, year), made - taxed - lost, 2404, "net")
        if alternative != alt.DISPLACING:
            parts = made - taxed
            yield judge(replace(rule, formula=parts), cells)
        elif year in ("0", alt.SUM):
            yield judge(rule, cells)
        else:
            factor = Number(growth ** -int(year))
            gained = factor * Name("production_vlt") - factor * Name("tax_cost_vlt")
            inputs = {name: found.feasible[name] for name in ("production_vlt", "tax_cost_vlt")}
            inputs[social_cell(alt.DISPLACING, alt.DISPLACEMENT, year)] = Interval.exactly(0.0)
            instead = {"displacement_later": Interval.exactly(float(int(year) - 1))}
            against = (social_cell(alt.DISPLACING, alt.DISPLACEMENT, year),)
            yield _contradicted(replace(rule, formula=gained - lost), cells, inputs, instead, against)


def _fiscal(cells: Cells, parameters: Parameters, found: Reconstruction) -> Iterator[Finding]:
    """Tabell 7-3."""
    feasible, stated = found.feasible, parameters.analysis
    half = stated.position.share
    bonus = Name(cell_name(_ASSUMED, "", "", "Tilskudd per måned", "2 VTA-O"))
    paid, full = Name(fiscal_cell(alt.VLT, alt.SUBSIDY)), Name(fiscal_cell(alt.VTAO, alt.DISABILITY))
    wage = {"wage": feasible["wage"]}
    rates = {
        name: cell_name(_ASSUMED, "", "", row, column)
        for name, row, column in (
            ("subsidy_rate", "Tilskudd, andel av lønn", "1 Heltid med VLT"),
            ("disability_rate", "Uføretrygd", "2 VTA-O"),
            ("graded_rate", "Uføretrygd", "3 Gradert (50%) uføretrygd"),
        )
    }

    def of_wage(cell: str, rate: str, scale: float, line: int) -> Finding:
        rule = Rule(cell, scale * Name(rates[rate]) * Name("wage"), line, "share_of_wage")
        return _contradicted(rule, cells, wage, {rate: feasible[rate]}, (rates[rate],))

    yield of_wage(fiscal_cell(alt.VLT, alt.SUBSIDY), "subsidy_rate", 0.01, 2656)
    yield of_wage(fiscal_cell(alt.VTAO, alt.DISABILITY), "disability_rate", 1.0, 2670)
    yield of_wage(fiscal_cell(alt.GRADED, alt.DISABILITY), "graded_rate", 1.0, 2670)
    for alternative, paid_here, line, key in (
        (alt.VTAO, MONTHS_PER_YEAR / THOUSAND * bonus, 2657, "twelve_months"),
        (alt.GRADED, half * paid, 2611, "half_position"),
        (alt.DISPLACING, paid, 2612, "as_alternative_1"),
        (alt.DEADWEIGHT, (1 + stated.deadweight.share) * paid, 2466, "deadweight"),
        (alt.FULL_AND_HALF, half * paid, 2641, "half_position"),
    ):
        yield judge(Rule(fiscal_cell(alternative, alt.SUBSIDY), paid_here, line, key), cells)
    yield judge(Rule(fiscal_cell(alt.FULL_AND_HALF, alt.DISABILITY), full, 2734, "full_benefit"), cells)
    once = Name(fiscal_cell(alt.VTAO, alt.SUBSIDY)) + full - Name(fiscal_cell(alt.VTAO, alt.TAX))
    counted = Name(social_cell(alt.VTAO, alt.TAX_COST, "0")) / stated.tax_financing_cost.share - once
    yield _contradicted(
        Rule(fiscal_cell(alt.VTAO, alt.MEASURE_COST), counted, 2482, "counted_once"),
        cells,
        {},
        {},
        (social_cell(alt.VTAO, alt.TAX_COST, "0"), fiscal_cell(alt.VTAO, alt.SUBSIDY)),
    )
    for alternative in COLUMNS:
        tax = f"tax_{alternative}"
        yield judge(
            Rule(fiscal_cell(alternative, alt.TAX), Name(tax), 2484, "tax"), cells, inferred={tax: feasible[tax]}
        )
        parts = [fiscal_cell(alternative, item) for item in (alt.SUBSIDY, alt.DISABILITY, alt.MEASURE_COST)]
        need = total(Name(part) for part in parts if part in cells) - Name(fiscal_cell(alternative, alt.TAX))
        yield judge(Rule(fiscal_cell(alternative, alt.NEED), need, 2712, "need"), cells)
        if (change := fiscal_cell(alternative, alt.CHANGE)) in cells:
            difference = Name(fiscal_cell(alternative, alt.NEED)) - Name(fiscal_cell(alt.VLT, alt.NEED))
            instead = {"tax_full_ufore": feasible["tax_full_ufore"]} if alternative == alt.FULL_AND_HALF else {}
            against = (fiscal_cell(alternative, alt.NEED),)
            yield _contradicted(Rule(change, difference, 2748, "change"), cells, {}, instead, against)


def annuity(years: int, rate: float) -> float:
    """Return the present value of one krone in each of some years, the first not discounted."""
    return sum((1 + rate) ** -year for year in range(years))


def later_months(exit_rate: float, months: float) -> float:
    """Return the mean number of further months when a constant part leaves each month.

    >>> round(later_months(0.01, 144), 1)
    76.5
    """
    return (1 - (1 - exit_rate) ** months) / exit_rate


def _text_of_chapter_7(cells: Cells, parameters: Parameters) -> Iterator[Finding]:
    stated = parameters.analysis
    sums = {alternative: Name(social_cell(alternative, alt.NET, alt.SUM)) for alternative in alt.ALTERNATIVES}
    million = 1 / THOUSAND
    for alternative in (alt.VLT, alt.VTAO, alt.DISPLACING, alt.BENEFIT):
        told = f"{social_cell(alternative, alt.NET, alt.SUM)}, tekst"
        instead = {"production_sum": Interval.exactly(cells[social_cell(alt.VLT, alt.PRODUCTION, alt.SUM)].value)}
        against = tuple(sums[alternative].names())
        rule = Rule(told, million * sums[alternative], cells[told].line, "as_in_table")
        yield _contradicted(rule, cells, {}, instead if alternative == alt.VLT else {}, against)
    for told, other in (
        ("text|VLT mot VTO|Netto bidrag", alt.VTAO),
        ("text|VLT mot full uføretrygd|Netto bidrag", alt.BENEFIT),
    ):
        difference = million * (sums[alt.VLT] - sums[other])
        yield judge(Rule(told, difference, cells[told].line, "difference"), cells)
    for told, table in (
        ("tabell-7-3|Netto finansieringsbehov|Heltid med VLT|prose", fiscal_cell(alt.VLT, alt.NEED)),
        ("tabell-7-3|Økt (+)/redusert behov|Alle alternativer", fiscal_cell(alt.DEADWEIGHT, alt.CHANGE)),
        ("tabell-7-3|Økt (+)/redusert behov|Alle alternativer|prose", fiscal_cell(alt.VTAO, alt.CHANGE)),
        ("text|Tilskudd ved full stilling|Per år", fiscal_cell(alt.VLT, alt.SUBSIDY)),
        ("text|Tilskuddssats, nye saker 2023|Gjennomsnitt", "figur-5-12|Alle nye|Gjennomsnittlig sats"),
        ("text|Tilskuddssats, nye saker 2023|Trøndelag", "figur-5-12|Trøndelag, nye|Gjennomsnittlig sats"),
        ("text|Samtidige tiltak|Andel av månedene", "tabell-5-6|Minst ett annet tiltak|Andel av deltakermånedene"),
    ):
        yield judge(Rule(told, Name(table), cells[table].line, "as_in_table"), cells)
    subsidy = Name("text|Tilskudd ved full stilling|Per år")
    wasted, cost = stated.deadweight.share, stated.tax_financing_cost.share
    yield judge(Rule("text|Dødvektstap|Per år per sak", wasted * subsidy, 2783, "deadweight"), cells)
    yearly = wasted * cost * subsidy
    yield judge(Rule("text|Dødvektstap|Skattekostnad per år", yearly, 2784, "tax_cost"), cells)
    rate = stated.discount_rate.share
    present = Rule(
        "text|Dødvektstap|Neddiskontert over 7 år", annuity(stated.period.value, rate) * yearly, 2786, "present_value"
    )
    shown = {"years": Interval.exactly(float(stated.years_shown.value))}
    yield _contradicted(present, cells, {}, shown, (_PERIOD,))
    new, lowest = (Name(f"text|Tilskuddssats, nye saker 2023|{column}") for column in ("Gjennomsnitt", "Trøndelag"))
    reduction = 100 - 100 * (lowest / new)
    yield judge(Rule("text|Tilskudd|Reduksjon med nivået i Trøndelag", reduction, 2474, "reduction"), cells)
    prices = [Name(cell_name("tabell-3-3", "", "", "Deflator, statlig konsum", year)) for year in ("2023", "2018")]
    mentor = Name("text|Mentor|Utgifter per deltaker 2018") * prices[0] / prices[1]
    yield judge(Rule("text|Mentor|Utgifter per deltaker, 2023-priser", mentor, 2819, "deflated"), cells)
    yield from _durations(cells, parameters)


def _durations(cells: Cells, parameters: Parameters) -> Iterator[Finding]:
    window = MONTHS_PER_YEAR * parameters.duration.window.value
    median, left = "figur-5-15|Median varighet|Måneder", "figur-5-15|Fortsatt i tiltaket|8 år"
    within = "figur-5-15|Gjennomsnittlig varighet innenfor dataene|Måneder"
    # Half are there until the median and some four in ten until the end: no curve through these has a lower mean.
    least = 0.5 * Name(median) + 0.01 * Name(left) * (window - Name(median))
    yield _contradicted(Rule(within, least, 2079, "least_mean"), cells, {}, {}, (left, median))
    longest = "figur-5-15|Lengste deltagelse i framskrivingen|År"
    further = MONTHS_PER_YEAR * cells[longest].value - window
    exits = cells["figur-5-15|Avgang|Per måned"].interval
    # Named with the sign turned, since the further months fall as the rate rises.
    stay = {"minus_exit_rate": Interval(-exits.high / 100, -exits.low / 100)}
    tail = Name("minus_exit_rate").through(lambda minus: later_months(-minus, further))
    told = "figur-5-15|Gjennomsnittlig varighet, framskrevet|Måneder"
    yield judge(Rule(told, Name(within) + 0.01 * Name(left) * tail, 2586, "prolonged"), cells, stay)
    used = "figur-5-15|Gjennomsnittlig varighet, brukt|År"
    yield judge(Rule(used, Name(told) / MONTHS_PER_YEAR, 2588, "years"), cells)


def audit_wage_subsidy(cells: Cells, parameters: Parameters, found: Reconstruction) -> list[Finding]:
    """Give a verdict on every number of vlt_rapport that is in scope.

    Parameters
    ----------
    cells
        Printed cells of vlt_rapport, read with `STEPS_VLT_RAPPORT`.
    parameters
        Checked parameters.
    found
        The reconstruction of Tabell 7-2 and 7-3.

    Returns
    -------
    list of Finding
        One per cell in scope, in the order of the cells. What no rule computes is given.
    """
    findings = [judge(rule, cells) for rule in _chapter_3(cells)]
    findings += _comparison(cells, parameters)
    findings += _assumptions(cells, found)
    findings += _social(cells, parameters, found)
    findings += _fiscal(cells, parameters, found)
    findings += _text_of_chapter_7(cells, parameters)
    return _complete(cells, findings, [cell for cell in cells.values() if in_scope(cell)])


def audit_vtao(cells: Cells) -> list[Finding]:
    """Give a verdict on every printed number of vtao_horing.

    Parameters
    ----------
    cells
        Printed cells of vtao_horing, read with `STEPS_VTAO_HORING`.
    """
    findings = []
    entries, exits = (
        [Name(cell_name("tabell-u1", "", "", str(year), column)) for year in FLOW_YEARS]
        for column in ("Tilgang", "Avgang")
    )
    for year, came, left in zip(FLOW_YEARS, entries, exits, strict=True):
        name = cell_name("tabell-u1", "", "", str(year), "Netto vekst")
        findings.append(judge(Rule(name, came - left, 378, "difference"), cells))
    replaced = 100 * total(exits) / total(entries)
    after, growth = "text|Avgang etter omleggingen|Per år", Name("growth")
    halved = Name("text|Frafall etter omleggingen|Relativt til i dag") * exits[-1]
    new = [f"text|Nye deltakere etter omleggingen|Per år{suffix}" for suffix in ("", "|prose")]
    rate = Name("text|VTA-O|Tilskudd per måned")
    load = [f"text|Deltakere per jobbspesialist|Beregningsteknisk anslag{suffix}" for suffix in ("", "|prose")]
    findings += [
        judge(Rule("tabell-u1|Alle år|Tilgang", entries[0], 374, "as_in_table"), cells),
        judge(Rule("tabell-u1|Alle år|Tilgang|prose", entries[-1], 374, "as_in_table"), cells),
        judge(Rule("tabell-u1|Alle år|Andel av nyinntak som erstatter avgang", replaced, 375, "replaced"), cells),
        judge(Rule(after, halved, 388, "halved"), cells),
        *(
            judge(
                Rule(name, Name(after) + growth, 389, "entrants"),
                cells,
                inferred={"growth": cells[name].interval - Interval.exactly(cells[after].value)},
            )
            for name in new
        ),
        *(
            judge(
                Rule(name, Name("specialist_cost") / (MONTHS_PER_YEAR * rate), 364, "caseload"),
                cells,
                inferred={"specialist_cost": _times(cells[name].interval, specialist_cost(1, cells))},
            )
            for name in load
        ),
    ]
    return _complete(cells, findings, list(cells.values()))


def specialist_cost(participants: float, cells: Cells) -> float:
    """Return what a job specialist may cost per year if following up costs no more than today's subsidy."""
    return participants * MONTHS_PER_YEAR * cells["text|VTA-O|Tilskudd per måned"].value


def audit_table(vlt_rapport: list[Finding], vtao_horing: list[Finding]) -> pd.DataFrame:
    """Return the findings on both documents as a table AUDIT."""
    both = [findings_table("vlt_rapport", vlt_rapport), findings_table("vtao_horing", vtao_horing)]
    return pd.concat(both, ignore_index=True)


def _complete(cells: Cells, findings: list[Finding], scope: list[Cell]) -> list[Finding]:
    by_name = {finding.cell.name: finding for finding in findings}
    if len(by_name) != len(findings):
        raise ValueError("a cell has more than one verdict")
    given = {cell.name: judge(Rule(cell.name, None, cell.line, "given"), cells) for cell in scope}
    return [by_name.get(name, finding) for name, finding in given.items()]
