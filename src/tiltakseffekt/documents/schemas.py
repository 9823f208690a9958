"""The tables of printed numbers held against computed ones."""

from typing import Final

from tiltakseffekt.core.tables import Column, TableSchema
from tiltakseffekt.documents.comparison import COMPARED_CELL
from tiltakseffekt.stages.description.schemas import CELL, SUMS

AUDIT: Final = TableSchema(
    name="audit",
    meaning="The verdict on every printed number of the audited tables, and what it rests on.",
    key=("document", "cell"),
    microdata=False,
    columns={
        "document": Column("string", "key of the document"),
        "cell": Column("string", "exhibit, panel, row group, row and column as printed, joined by |"),
        "exhibit": Column("string", "exhibit, or text"),
        "row": Column("string", "row as printed"),
        "column": Column("string", "column as printed"),
        "kind": Column("string", "table or prose"),
        "line": Column("int", "line of the text version"),
        "unit": Column("string", "unit as in config/documents"),
        "printed": Column("float", "the printed number; missing for words", True),
        "words": Column("string", "the printed words; missing for numbers", True),
        "step": Column("float", "unit to which the number is rounded"),
        "verdict": Column(
            "string",
            "given, reproduced, within_rounding, inferred or inconsistent",
            False,
            ("given", "reproduced", "within_rounding", "inferred", "inconsistent"),
        ),
        "rule": Column("string", "key of the rule by which the cell should follow"),
        "rule_line": Column("int", "line that states the rule"),
        "computed": Column("float", "what the rule gives at the printed inputs; missing without a rule", True),
        "possible_low": Column("float", "least that the rule gives within the rounding of its inputs", True),
        "possible_high": Column("float", "most that the rule gives within the rounding of its inputs", True),
        "rebuilt": Column("float", "what one set of unrounded inputs gives; missing for words", True),
        "inferred": Column("string", "inferred inputs with their feasible intervals; missing when none", True),
        "against": Column("string", "cells that the number contradicts; missing when none", True),
    },
)

CONVENTIONS: Final = TableSchema(
    name="conventions",
    meaning="How many printed cells contradict others under each convention of discounting.",
    key=("timing", "costs"),
    microdata=False,
    columns={
        "timing": Column("string", "when amounts are discounted", False, ("monthly", "mid_year", "yearly", "year_end")),
        "costs": Column("string", "whether costs grow with wages", False, ("vekst", "uten_vekst")),
        "in_conflict": Column("int", "size of the smallest set of cells that must be given up for the rest to hold"),
    },
)

CORRECTIONS: Final = TableSchema(
    name="corrections",
    meaning="Net benefits as printed and under each stated rule from which the printed tables depart.",
    key=("correction", "measure"),
    microdata=False,
    columns={
        "correction": Column("string", "key of the correction"),
        "measure": Column("string", "measure"),
        "printed": Column("float", "printed net benefit, kroner"),
        "corrected": Column("float", "net benefit under the stated rule, kroner"),
        "printed_rank": Column("int", "rank among the measures as printed, 1 = most profitable"),
        "corrected_rank": Column("int", "rank when this correction is the only one"),
        "sign": Column("string", "sign under the stated rule", False, ("positiv", "negativ")),
        "sign_changed": Column("bool", "whether the sign differs from the printed one"),
        "lines": Column("string", "lines of the text version that the correction rests on"),
    },
)

WAGE_SUBSIDY: Final = TableSchema(
    name="wage_subsidy",
    meaning="Varig lønnstilskudd (vlt_rapport) and VTA-O (vtao_horing): every quantity as printed, by the stated rules "
    "and as reconstructed.",
    key=("basis", "exhibit", "subject", "item", "year"),
    microdata=False,
    columns={
        "basis": Column("string", "set of numbers", False, ("as_printed", "as_specified", "as_reconstructed")),
        "exhibit": Column(
            "string",
            "printed table, offentlige_budsjetter (what the treasury pays by year), utledet (inferred inputs) or vtao "
            "(the budget of vtao_horing)",
        ),
        "subject": Column("string", "alternative, or wage level and country; empty when there is none"),
        "item": Column("string", "key of the row"),
        "year": Column("string", "year from 0, or sum; empty when there is none"),
        "value": Column("float", "value in its unit; missing where nothing gives the printed one", True),
        "low": Column("float", "lower end of the feasible interval", True),
        "high": Column("float", "upper end of the feasible interval", True),
        "unit": Column("string", "unit: thousand_nok, nok_per_month, percent, ratio, persons ..."),
    },
)

WAGE_SUBSIDY_ERRATA: Final = TableSchema(
    name="wage_subsidy_errata",
    meaning="Where vlt_rapport departs from a rule that it states, and what holds by the rule; each departure alone.",
    key=("key",),
    microdata=False,
    columns={
        "key": Column("string", "name of the departure"),
        "position": Column("int", "order of the rows"),
        "stated_line": Column("int", "line that states the rule"),
        "printed_line": Column("int", "line of the printed number"),
        "subject": Column("string", "alternative or country whose result is told"),
        "quantity": Column("string", "which result"),
        "unit": Column("string", "unit of both results"),
        "printed": Column("float", "result as printed"),
        "by_rule": Column("float", "result by the stated rule"),
        "consequence": Column(
            "string",
            "what changes most: sign, place in the ranking, size as printed, or nothing",
            False,
            ("fortegn", "rang", "storrelsen", "ingen"),
        ),
        "rank_printed": Column("int", "place by net benefit as printed, 1 = best", True),
        "rank_by_rule": Column("int", "place by the rule", True),
    },
)

CALIBRATION_SUMS: Final = TableSchema(
    name="calibration_sums",
    meaning="Sums over the persons of one shard behind the numbers about permanent measures; they add up over shards.",
    key=tuple(CELL),
    microdata=False,
    columns=SUMS,
)

CALIBRATION: Final = TableSchema(
    name="calibration",
    meaning="Every printed number of the documents beside what the registers give.",
    key=("place",),
    microdata=False,
    columns=COMPARED_CELL,
)

ALL: Final = (
    AUDIT,
    CONVENTIONS,
    CORRECTIONS,
    WAGE_SUBSIDY,
    WAGE_SUBSIDY_ERRATA,
    CALIBRATION_SUMS,
    CALIBRATION,
)
