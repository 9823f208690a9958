"""The tables of the cost-benefit analysis."""

from typing import Final

from tiltakseffekt.core.tables import Column, TableSchema

COST_BENEFIT: Final = TableSchema(
    name="cost_benefit",
    meaning="Every quantity of the cost-benefit analysis, one row each (Tabell 7-2 to 7-6).",
    key=("basis", "exhibit", "measure", "item"),
    microdata=False,
    columns={
        "basis": Column(
            "string",
            "as_estimated; of a document: as_specified (its printed inputs and rules), as_reconstructed (inferred "
            "unrounded inputs) or as_printed (its cells)",
        ),
        "exhibit": Column("string", "exhibit in which the quantity stands, e.g. tabell-7-2"),
        "measure": Column("string", "measure"),
        "item": Column("string", "key of the row or column in the exhibit"),
        "value": Column("float", "value in its unit; missing where the report has no amount", True),
        "unit": Column("string", "unit, e.g. nok_2022, months, percent, hours, text"),
        "text": Column("string", "value of items that are no numbers; pris_mangler: no price is registered", True),
        "se": Column("float", "standard error from the estimated effects; missing where none applies", True, least=0),
        "n": Column(
            "int",
            "participants behind an estimated quantity; missing for pure parameters",
            True,
            least=0,
            unit="persons",
        ),
    },
)

COURSE_INPUTS: Final = TableSchema(
    name="course_inputs",
    meaning="What the engine needs to value one course of each measure on the estimated basis, and how far each "
    "parameter may be moved.",
    key=("subject", "item"),
    microdata=False,
    columns={
        "subject": Column("string", "measure; the name of a parameter when it holds for all measures"),
        "item": Column("string", "what is told of it; `parameter` for parameters"),
        "value": Column("float", "value in its unit; missing for words", True),
        "low": Column("float", "least value to try, or lower end of the interval", True),
        "high": Column("float", "highest value to try, or upper end of the interval", True),
        "unit": Column("string", "unit"),
        "text": Column("string", "the word of a parameter that is no number", True),
        "n": Column("int", "participants behind it; missing for parameters", True, least=0, unit="persons"),
    },
)

SENSITIVITY: Final = TableSchema(
    name="sensitivity",
    meaning="How sure the net benefits are: simulation, break-even values, scenarios, groups and the budget by year.",
    key=("analysis", "basis", "measure", "item", "x"),
    microdata=False,
    columns={
        "analysis": Column(
            "string",
            "the analysis",
            False,
            ("simulation", "information", "tornado", "scenario", "break_even", "budget", "group"),
        ),
        "basis": Column("string", "as_estimated, or as_specified of a document"),
        "measure": Column("string", "measure"),
        "item": Column("string", "what is varied or asked for"),
        "x": Column("float", "value of what is varied, or the year; 0 when nothing is"),
        "value": Column("float", "the answer in its unit; missing when there is none", True),
        "low": Column("float", "lower end of its interval", True),
        "high": Column("float", "upper end of its interval", True),
        "se": Column("float", "its standard error", True, least=0),
        "unit": Column("string", "unit of the answer"),
        "n": Column(
            "int", "persons behind an estimated answer; missing for pure parameters", True, least=0, unit="persons"
        ),
    },
)

ALL: Final = (
    COST_BENEFIT,
    COURSE_INPUTS,
    SENSITIVITY,
)
