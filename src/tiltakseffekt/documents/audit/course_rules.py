"""How each cell of Tabell 1-1 and 7-2 to 7-8 of effektrapport_2024 follows from others, with the lines that say so."""

import math
from collections.abc import Iterator

from tiltakseffekt.documents.audit.formulas import Call, Formula, Name, Number, total
from tiltakseffekt.documents.audit.present_values import months_until
from tiltakseffekt.documents.audit.reading import (
    ALLOWANCE_ROW,
    BREAK_EVEN,
    BUDGET,
    CASEWORKER_ROW,
    CHAPTER,
    COST,
    DAY_PRICE,
    DAYS,
    DURATION,
    EDUCATION,
    EFFECTS,
    FOLLOW_UP,
    HOUR_PRICE,
    HOURS,
    LASTS,
    LONG,
    MEASURE_MONTHS,
    MONTHLY,
    NAMES,
    NAV_ROW,
    NET_ROW,
    OTHER_ROW,
    PER_CENT,
    SAVED_ROW,
    SHARE,
    SUM,
    VALUED,
    WAGE,
    WORK_ROW,
    WORTH,
    Reading,
)
from tiltakseffekt.documents.audit.verdicts import Rule
from tiltakseffekt.stages.cost_benefit.engine import MONTHS_PER_YEAR
from tiltakseffekt.stages.cost_benefit.valuation import transfer


def _factor(reading: Reading, key: str) -> float:
    return reading.measure(key).caseworker_factor.value


def social_price(reading: Reading, key: str, month: Formula) -> Formula:
    """Return what society pays for a month that costs the budget so much; a wage subsidy is a transfer."""
    return (1 + reading.rates.tax_financing) * month - transfer(reading.measure(key))


def _months(reading: Reading, key: str) -> Formula:
    return Name(reading.cell("tabell-7-2", key, DURATION)).through(reading.cost_months)


def _hours(reading: Reading, key: str) -> Formula:
    return Name(HOURS) / Name(MEASURE_MONTHS) * _factor(reading, key)


def _caseworker(reading: Reading, key: str) -> Formula:
    return _hours(reading, key) * Name(HOUR_PRICE)


def _allowance(reading: Reading, key: str) -> Formula:
    return Name(DAY_PRICE) * Name(DAYS) * Name(reading.cell("tabell-7-4", key, SHARE)) * 0.01


def outside_cost(reading: Reading, key: str) -> float:
    """Return the stated monthly cost in other sectors."""
    others = reading.measure(key).other_sectors
    return others.price.value / MONTHS_PER_YEAR * others.share.share if others else 0.0


def _month_cost(reading: Reading, key: str) -> Formula:
    """Return what a month on the measure costs society."""
    tax = reading.rates.tax_financing
    return total(
        [
            social_price(reading, key, Name(reading.cell("tabell-7-2", key, BUDGET))),
            (1 + tax) * _caseworker(reading, key),
            tax * _allowance(reading, key),
            Number((1 + tax) * outside_cost(reading, key)),
        ]
    )


def _work(reading: Reading, key: str) -> Formula:
    """Return the printed value of the effects: that of the sum where the two tables differ."""
    if key == EDUCATION:
        return Name(reading.cell("tabell-7-6", key, WORK_ROW))
    return Name(reading.cell("tabell-7-5", key, WORTH))


def printed_costs(reading: Reading, key: str) -> Formula:
    """Return the printed costs: those of the sum where the two tables differ."""
    nav: Formula = Name(reading.cell("tabell-7-2", key, COST))
    if key == WAGE:
        nav = -Name(reading.cell("tabell-7-6", key, NAV_ROW))
    others = [-Name(reading.cell("tabell-7-6", key, OTHER_ROW))] if key == EDUCATION else []
    return total([nav, *(Name(reading.cell(f"tabell-7-{n}", key, COST)) for n in (3, 4)), *others])


def printed_value_of(reading: Reading, key: str, years: float | None = None) -> Formula:
    """Return the value of the printed effects."""
    return total(
        weight * Name(name)
        for weight, name in zip(map(float, reading.worth(key, years)), reading.effects(key), strict=True)
    )


def note_under_7_5(reading: Reading) -> tuple[tuple[str, str, str], float]:
    """Return the effects of Utdanning and their end as the note under Tabell 7-5 has them."""
    first, second, third = reading.effects(EDUCATION)
    end = reading.cells[f"tabell-7-5|{NAMES[EDUCATION]}|Effektens slutt etter oppstart"].value
    return (first, second, f"{third}|prose"), end


def value_as_noted(reading: Reading) -> Formula:
    """Return the value of the effects of Utdanning as the note under Tabell 7-5 has them."""
    names, years = note_under_7_5(reading)
    weights = map(float, reading.worth(EDUCATION, years))
    return total(weight * Name(name) for weight, name in zip(weights, names, strict=True))


def _first_two(reading: Reading, key: str) -> Formula:
    weights = map(float, reading.worth(key)[:2])
    return total(weight * Name(name) for weight, name in zip(weights, reading.effects(key)[:2], strict=True))


def _needed(reading: Reading, key: str) -> Formula:
    """Return the share of the effect that covers the costs; of Utdanning that of the effect from year 4 alone."""
    if key == EDUCATION:
        early = reading.with_benefits * _first_two(reading, key)
        return (printed_costs(reading, key) - early) / (reading.with_benefits * _work(reading, key) - early)
    return printed_costs(reading, key) / (reading.with_benefits * _work(reading, key))


def _cost_rules(reading: Reading, key: str) -> Iterator[Rule]:
    def cell(table: str, column: str) -> str:
        return reading.cell(table, key, column)

    tax = reading.rates.tax_financing
    months = _months(reading, key)
    duration = Name(cell("tabell-7-2", DURATION))
    yield Rule(cell("tabell-7-2", DURATION), None, 3699, "forutsetning")
    yield price_rule(reading, key)
    yield Rule(
        cell("tabell-7-2", COST),
        social_price(reading, key, Name(cell("tabell-7-2", BUDGET))) * months,
        3333,
        "pris_ganger_varighet",
    )
    yield Rule(cell("tabell-7-3", DURATION), duration, 3699, "samme_tall")
    hours = cell("tabell-7-3", "Gjennomsnittlig mer-tidsbruk for veileder per måned i tiltak")
    yield Rule(hours, _hours(reading, key), 3348, "timer")
    yield Rule(cell("tabell-7-3", MONTHLY), _caseworker(reading, key), 3348, "timer_ganger_pris")
    yield Rule(cell("tabell-7-3", COST), (1 + tax) * _caseworker(reading, key) * months, 3349, "pris_ganger_varighet")
    yield Rule(cell("tabell-7-4", DURATION), duration, 3699, "samme_tall")
    yield Rule(cell("tabell-7-4", SHARE), None, 3379, "forutsetning")
    yield Rule(cell("tabell-7-4", MONTHLY), _allowance(reading, key), 3379, "andel_ganger_sats")
    yield Rule(cell("tabell-7-4", COST), tax * _allowance(reading, key) * months, 3429, "pris_ganger_varighet")


def price_rule(reading: Reading, key: str) -> Rule:
    """Return the rule of the printed price of a month on the measure."""
    cell = reading.cell("tabell-7-2", key, BUDGET)
    name = NAMES[key]
    mentor = 0.01 * Name("text|Mentor|Budsjettkostnad per måned")
    grant = 0.01 * Name("text|Inkluderingstilskudd|Budsjettkostnad per måned")
    with_mentor = f"text|{name}|Andel av tiltaksmånedene kombinert med mentor"
    with_grant = f"text|{name}|Andel av tiltaksmånedene kombinert med inkluderingstilskudd"
    match key:
        case "arbeidstrening":
            return Rule(cell, mentor * Name(with_mentor) + grant * Name(with_grant), 3332, "mentor_og_tilskudd")
        case "midl_lonnstilskudd":
            subsidy = Name(f"text|{name}|Budsjettkostnad per måned")
            return Rule(
                cell, subsidy + mentor * Name(with_mentor) + grant * Name(with_grant), 3332, "mentor_og_tilskudd"
            )
        case "utvidet_oppfolging":
            return Rule(cell, Name(f"text|IPS og {name}|Budsjettkostnad per deltakermåned"), 3340, "samme_tall")
        case _:
            return Rule(cell, None, 3289, "forutsetning")


def _effect_rules(reading: Reading, key: str) -> Iterator[Rule]:
    for name in reading.effects(key):
        yield Rule(name, None, 3443, "forutsetning")
    worth = reading.cell("tabell-7-5", key, WORTH)
    if key != EDUCATION:
        yield Rule(worth, printed_value_of(reading, key), 3448, "effekt_ganger_naverdi")
        return
    place = f"tabell-7-5|{NAMES[key]}"
    last = f"{place}|Effektens slutt etter oppstart"
    years = reading.cells[last].value
    yield Rule(f"{place}|Effekt på månedlig lønn år 2-3", None, 3443, "forutsetning")
    yield Rule(worth, printed_value_of(reading, key, years), 3487, "effekt_ganger_naverdi_note")
    yield Rule(f"{place}|{EFFECTS[2]}|prose", Name(reading.effects(key)[2]), 3484, "samme_tall")
    ordinary = Name("text|Effektenes varighet|Alle tiltak unntatt Utdanning")
    longer = f"{place}|Lengre varighet enn øvrige tiltak"
    yield Rule(longer, None, 3486, "forutsetning")
    yield Rule(last, ordinary * (1 + 0.01 * Name(longer)), 3486, "forhold")


def _sum_rules(reading: Reading, key: str) -> Iterator[Rule]:
    def row(label: str) -> str:
        return reading.cell("tabell-7-6", key, label)

    tax = reading.rates.tax_financing
    if key == WAGE:
        nav = -(social_price(reading, key, Name(reading.cell("tabell-7-2", key, BUDGET))) * _months(reading, key))
        yield Rule(row(NAV_ROW), nav, 3333, "pris_ganger_varighet")
    else:
        yield Rule(row(NAV_ROW), -Name(reading.cell("tabell-7-2", key, COST)), 3560, "annen_tabell")
    if row(OTHER_ROW) in reading.cells:
        outside = Name("text|Utdanning|Kostnad i andre sektorer uten skattefinansiering")
        yield Rule(row(OTHER_ROW), -((1 + tax) * outside), 3373, "med_skattefinansiering")
    if row(ALLOWANCE_ROW) in reading.cells:
        yield Rule(row(ALLOWANCE_ROW), -Name(reading.cell("tabell-7-4", key, COST)), 3560, "annen_tabell")
    yield Rule(row(CASEWORKER_ROW), -Name(reading.cell("tabell-7-3", key, COST)), 3560, "annen_tabell")
    yield Rule(row(WORK_ROW), Name(reading.cell("tabell-7-5", key, WORTH)), 3560, "annen_tabell")
    yield Rule(row(SAVED_ROW), (reading.with_benefits - 1) * _work(reading, key), 3489, "trygd_av_verdiskaping")
    net = reading.with_benefits * _work(reading, key) - printed_costs(reading, key)
    yield Rule(row(SUM), net, 3560, "sum")
    for label in ("Fortrengingseffekt", "Systemeffekt (eksternalitet) av at andre blir sendt på tiltak"):
        yield Rule(row(label), None, 3529, "forutsetning")
    yield Rule(row(NET_ROW), Name(row(SUM)), 3560, "fortegn")


def _summary_rules(reading: Reading, key: str) -> Iterator[Rule]:
    def row(label: str) -> str:
        return reading.cell("tabell-1-1", key, label)

    def of(*labels: str) -> Formula:
        names = [reading.cell("tabell-7-6", key, label) for label in labels]
        return total(Name(name) for name in names if name in reading.cells)

    yield Rule(row(NAV_ROW), of(NAV_ROW), 3560, "annen_tabell")
    yield Rule(row("Andre kostnader"), of(OTHER_ROW, ALLOWANCE_ROW, CASEWORKER_ROW), 3560, "sum_avrundet")
    yield Rule(row("Effekt på verdiskaping og spart trygd"), of(WORK_ROW, SAVED_ROW), 3560, "sum_avrundet")
    yield Rule(row(SUM), of(SUM), 3560, "annen_tabell")
    yield Rule(row(NET_ROW), Name(row(SUM)), 269, "fortegn")


def _break_even_rules(reading: Reading, key: str) -> Iterator[Rule]:
    amount, share, lasts = (reading.cell("tabell-7-7", key, column) for column in (BREAK_EVEN, PER_CENT, LASTS))
    if amount not in reading.cells:
        return
    third = Name(reading.effects(key)[2])
    if share not in reading.cells:
        later = float(reading.worth(key)[1:].sum()) * reading.with_benefits
        yield Rule(amount, printed_costs(reading, key) / later, 3671, "balanse_uten_forste_ar")
        return
    needed = _needed(reading, key)
    yield Rule(amount, needed * third, 3648, "balanse", unstated=0.01 * Name(share) * third)
    yield Rule(share, (100 * needed).through(lambda v: math.ceil(v - 1e-9)), 3648, "balanse_prosent")
    effects = tuple(Name(name) for name in reading.effects(key))

    def lasting(cost: float, *values: float) -> float:
        return months_until(cost, reading.monthly_worth(key, values).tolist())

    noted: Formula | None = None
    if key == EDUCATION:
        effects_of_note, years = note_under_7_5(reading)

        def lasting_as_noted(cost: float, *values: float) -> float:
            return months_until(cost, reading.monthly_worth(key, values, years).tolist())

        noted = Call(lasting_as_noted, (printed_costs(reading, key),), tuple(map(Name, effects_of_note)))
    yield Rule(lasts, Call(lasting, (printed_costs(reading, key),), effects), 3691, "balanse_varighet", unstated=noted)


def _longest_rules(reading: Reading, key: str) -> Iterator[Rule]:
    for suffix in ("", " ved forlengelse"):
        duration, net = (reading.cell("tabell-7-8", key, column + suffix) for column in ("Maksimal varighet", SUM))
        if duration in reading.cells:
            months = reading.cost_months(reading.cells[duration].value)
            yield Rule(duration, None, 3701, "forutsetning")
            cost = months * _month_cost(reading, key)
            formula = reading.with_benefits * _work(reading, key) - cost
            noted = reading.with_benefits * value_as_noted(reading) - cost if key == EDUCATION else None
            yield Rule(net, formula, 3703, "storste_varighet", unstated=noted)


def _text_rules(reading: Reading) -> Iterator[Rule]:
    """Return the rules of the numbers in the text that follow from others; the rest are given."""
    name = "text|AFT, robusthetsutvalg"
    yearly = [Name(f"{name}|Effekt på årsinntekt {year} år") for year in ("første", "andre", "tredje")]
    weights = [float(weight) / MONTHS_PER_YEAR for weight in reading.worth("aft")]
    worth = reading.with_benefits * total(w * effect for w, effect in zip(weights, yearly, strict=True))
    yield Rule(f"{name}|{SUM}", worth - printed_costs(reading, "aft"), 3682, "sum")

    def years(cost: float, *values: float) -> float:
        effects = tuple(value / MONTHS_PER_YEAR for value in values)
        return months_until(cost, reading.monthly_worth("aft", effects, LONG).tolist()) / MONTHS_PER_YEAR

    lasts = Call(years, (printed_costs(reading, "aft"),), tuple(yearly))
    yield Rule(f"{name}|Varighet som gir balanse", lasts, 3684, "balanse_varighet")
    tax = reading.rates.tax_financing
    per_hour = (1 + tax) * Name(HOUR_PRICE) * _months(reading, FOLLOW_UP)
    spare = Name(reading.cell("tabell-7-6", FOLLOW_UP, SUM)) / per_hour
    yield Rule(
        "text|Oppfølging|Ekstra veiledertimer per måned ved balanse",
        spare + _hours(reading, FOLLOW_UP),
        3725,
        "timer_ved_balanse",
    )
    outside = Name("text|Utdanning|Månedlig kostnad i utdanningssektoren")
    share = 0.01 * Name("text|Utdanning|Andel av månedlig kostnad som legges til grunn")
    without_tax = "text|Utdanning|Kostnad i andre sektorer uten skattefinansiering"
    yield Rule(without_tax, outside * share * _months(reading, EDUCATION), 3373, "pris_ganger_varighet")
    yield Rule(
        "text|Utdanning|Månedlig kostnad i utdanningssektoren",
        Name("text|Utdanningsprogram|Kostnad per elev") / MONTHS_PER_YEAR,
        3369,
        "del_paa_tolv",
    )
    yield Rule(
        "text|Utdanning|Andel av månedlig kostnad som legges til grunn",
        100 - Name("text|Utdanning|Andel Gruppe fag- og yrkesopplæring"),
        3371,
        "resten",
    )
    yield Rule(
        "text|Utdanning|Gjennomsnittlig varighet, avrundet",
        Name(reading.cell("tabell-7-2", EDUCATION, DURATION)),
        3372,
        "samme_tall",
    )
    yield Rule("text|Tiltakspenger|Per måned", Name(DAY_PRICE) * Name(DAYS), 3379, "sats_ganger_dager")
    yield Rule("text|Tiltakspenger|Dagsats 2022, kapittel 7.2", Name(DAY_PRICE), 3377, "samme_tall")
    wage = "text|Midlertidig lønnstilskudd"
    subsidy = (
        Name(f"{wage}|Brutto månedslønn")
        * (0.01 * Name(f"{wage}|Andel av lønnskostnadene som NAV dekker"))
        * (1 + 0.01 * Name(f"{wage}|Påslag for feriepenger, arbeidsgiveravgift og pensjon"))
    )
    yield Rule(f"{wage}|Budsjettkostnad per måned", subsidy, 3324, "lonn_ganger_sats")
    yield Rule("text|NAV-veiledere|Merkostnad per måned", Name(HOURS) / Name(MEASURE_MONTHS), 3346, "timer")
    for key in ("arbeidstrening", "jobbklubb"):
        yield Rule(f"text|{NAMES[key]}|Merkostnad per måned", _hours(reading, key), 3355, "timer")
    ordinary = "text|Effektenes varighet|Alle tiltak unntatt Utdanning"
    yield Rule(f"{ordinary}, måneder", MONTHS_PER_YEAR * Name(ordinary), 3687, "samme_tall")
    yield Rule("text|Effektenes varighet|Utdanning", 2 * Name(ordinary), 3442, "forhold")
    yield Rule(
        "text|Spart trygd|Per krone yrkesinntekt",
        0.005 * Name("text|Trygdesats|Andel av tidligere inntekt"),
        3454,
        "halvparten",
    )
    yield Rule(
        "text|Skattefinansieringskostnad|Andel av overføringen",
        Name("text|Skattefinansieringskostnad|Andel av budsjettvirkning"),
        3146,
        "samme_tall",
    )
    yield Rule("tabell-1-1|Alle tiltak|Effektenes varighet", Name(ordinary), 298, "samme_tall")


def rules(reading: Reading) -> list[Rule]:
    """Return the rules of the tables and of the chapter's text; numbers of the text without one are given."""
    stated = [
        rule
        for key in VALUED
        for part in (
            _cost_rules,
            _effect_rules,
            _sum_rules,
            _summary_rules,
            _break_even_rules,
            _longest_rules,
        )
        for rule in part(reading, key)
    ]
    stated += _text_rules(reading)
    ruled = {rule.cell for rule in stated}
    given = [
        Rule(cell.name, None, cell.line, "forutsetning")
        for cell in reading.cells.of("text")
        if cell.name not in ruled and CHAPTER[0] <= cell.line <= CHAPTER[1]
    ]
    return [*stated, *given]
