"""What the conclusions of effektrapport_2024 become when a rule that it states is applied throughout."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from tiltakseffekt.documents.audit.cells import Cells
from tiltakseffekt.documents.audit.course_rules import (
    note_under_7_5,
    printed_costs,
    printed_value_of,
    rules,
    value_as_noted,
)
from tiltakseffekt.documents.audit.formulas import Formula, Name
from tiltakseffekt.documents.audit.reading import (
    COST,
    EDUCATION,
    FOLLOW_UP,
    NAV_ROW,
    OTHER_ROW,
    SUM,
    VALUED,
    WAGE,
    WORK_ROW,
    WORTH,
    Reading,
)

#: Sign that a net benefit has.
_SIGNS: Final = {True: "positiv", False: "negativ"}


def corrections(reading: Reading) -> pd.DataFrame:
    """Return net benefits as printed and under each stated rule, with ranks among the measures.

    Returns
    -------
    pandas.DataFrame
        Table CORRECTIONS: a row for each correction and measure that it concerns. Ranks are those among all measures
        when the correction is the only one.
    """
    cells = reading.cells
    printed = {key: cells[reading.cell("tabell-7-6", key, SUM)].value for key in VALUED}
    ranks = _ranks(printed)
    rows: list[dict[str, Any]] = []
    for name, changed, lines in _changes(reading):
        corrected = printed | changed
        new_ranks = _ranks(corrected)
        rows += [
            {
                "correction": name,
                "measure": key,
                "printed": printed[key],
                "corrected": net,
                "printed_rank": ranks[key],
                "corrected_rank": new_ranks[key],
                "sign": _SIGNS[net > 0],
                "sign_changed": (net > 0) != (printed[key] > 0),
                "lines": ", ".join(map(str, sorted(set(lines[key])))),
            }
            for key, net in changed.items()
        ]
    return pd.DataFrame(rows)


def _ranks(values: Mapping[str, float]) -> dict[str, int]:
    ordered = sorted(values, key=lambda key: -values[key])
    return {key: place for place, key in enumerate(ordered, 1)}


def _changes(reading: Reading) -> Iterator[tuple[str, dict[str, float], Mapping[str, Sequence[int]]]]:
    """Yield each correction: its key, the net benefits that it changes, and the lines it rests on."""
    cells, both = reading.cells, reading.with_benefits

    def lines(*names: str) -> list[int]:
        return [cells[name].line for name in names]

    effects = reading.effects(FOLLOW_UP)
    worth = both * printed_value_of(reading, FOLLOW_UP)
    yield (
        "effekt_oppfolging",
        {FOLLOW_UP: _at(worth - printed_costs(reading, FOLLOW_UP), cells)},
        {FOLLOW_UP: [*lines(*effects, reading.cell("tabell-7-6", FOLLOW_UP, SUM)), 2544]},
    )
    costs = printed_costs(reading, EDUCATION)
    table = reading.cell("tabell-7-5", EDUCATION, WORTH)
    summed = reading.cell("tabell-7-6", EDUCATION, WORK_ROW)
    yield "utdanning_tabell_7_5", {EDUCATION: _at(both * Name(table) - costs, cells)}, {EDUCATION: lines(table, summed)}
    names, _ = note_under_7_5(reading)
    noted = both * value_as_noted(reading) - costs
    yield "utdanning_note", {EDUCATION: _at(noted, cells)}, {EDUCATION: [*lines(*names, summed), 3442, 3487]}
    stated = {rule.cell: rule.formula for rule in rules(reading)}
    wage_total = reading.cell("tabell-7-2", WAGE, COST)
    nav = reading.cell("tabell-7-6", WAGE, NAV_ROW)
    without = _at(both * _work(reading, WAGE) - printed_costs(reading, WAGE) - Name(nav) - Name(wage_total), cells)
    yield "lonnstilskudd_tabell_7_2", {WAGE: without}, {WAGE: [*lines(wage_total, nav), 3318]}
    of_costs = {
        key: lines(*(reading.cell(f"tabell-7-{n}", key, COST) for n in (2, 3, 4)), reading.cell("tabell-7-6", key, SUM))
        for key in VALUED
    }
    yield "varigheter", dict(_with_durations(reading, stated)), of_costs


def _at(formula: Formula, cells: Cells) -> float:
    return formula.at({name: cells[name].interval.middle for name in formula.names()})


def _work(reading: Reading, key: str) -> Formula:
    return Name(
        reading.cell("tabell-7-6" if key == EDUCATION else "tabell-7-5", key, WORK_ROW if key == EDUCATION else WORTH)
    )


def _with_durations(reading: Reading, stated: Mapping[str, Formula | None]) -> Iterator[tuple[str, float]]:
    """Yield each measure's net benefit when costs follow from the printed durations and prices."""
    for key in VALUED:
        cost = sum(
            _at(formula, reading.cells)
            for n in (2, 3, 4)
            if (formula := stated[reading.cell(f"tabell-7-{n}", key, COST)]) is not None
        )
        outside = 0.0
        if key == EDUCATION:
            months = stated["text|Utdanning|Kostnad i andre sektorer uten skattefinansiering"]
            others = stated[reading.cell("tabell-7-6", key, OTHER_ROW)]
            outside = _at(months, reading.cells) * (1 + reading.rates.tax_financing) if months and others else 0.0
        yield key, _at(reading.with_benefits * _work(reading, key), reading.cells) - cost - outside
