"""Every printed number once, with the right verdict."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.documents.calibration.comparison import with_rounded_persons
from tiltakseffekt.documents.exhibits.published import compare_cells
from tiltakseffekt.documents.exhibits.scorecard import KINDS, VERDICTS, judge_numbers, kind_of
from tiltakseffekt.stages.exhibits.tidy import tidy
from tiltakseffekt.stages.export.settings import DisclosureSettings

CONFIG = Path(__file__).parents[3] / "config"
LABELS = pd.read_csv(CONFIG / "codebook/labels.csv", dtype="str", keep_default_na=False)
PUBLISHED = pd.read_csv(CONFIG / "documents/effektrapport_2024/numbers.csv", dtype="str", keep_default_na=False)
MAN = {"row_group": "gruppe_kjonn", "row": "konstant_mann"}


def calibration(published: pd.DataFrame, **changes: object) -> pd.DataFrame:
    """Return the comparison of the registers, which compares nothing unless told otherwise."""
    key_of = {**dict(zip(LABELS["label"], LABELS["key"], strict=True)), "": ""}
    keys = {name: published[name].map(key_of) for name in ("panel", "row_group", "row", "column")}
    nothing = dict.fromkeys(("printed", "ours", "step", "se", "count", "base"), np.nan)
    given = {"reason": "estimate", "relation": "equal", **nothing, **changes}
    table = published.assign(**keys, document="effektrapport_2024", place=range(len(published)), **given)
    return with_rounded_persons(table, 1)


def judge(published: pd.DataFrame, exhibits: dict[str, pd.DataFrame], **changes: object) -> pd.DataFrame:
    published = published.reset_index(drop=True)
    cells = compare_cells(exhibits, published, LABELS, DisclosureSettings(threshold=1, round_counts=1))
    return judge_numbers(cells, calibration(published, **changes), published)


def pick(exhibit: str, **where: str) -> pd.DataFrame:
    rows = PUBLISHED[PUBLISHED["exhibit"] == exhibit]
    for name, value in where.items():
        rows = rows[rows[name] == value]
    assert len(rows)
    return rows


@pytest.mark.parametrize(
    ("ours", "verdict"),
    [
        (-1.13, "innen_avrunding"),
        (-1.134, "innen_avrunding"),
        # Printed with a standard error of 0.39, ours of 0.52: 0.65 together.
        (-1.13 + 1.96 * 0.65, "innen_utvalgsfeil"),
        (-1.13 + 1.96 * 0.65 + 0.006, "avvik_utover"),
    ],
)
def test_an_estimate_is_held_against_the_errors_of_both_sides(ours, verdict):
    printed = pick("tabell-6-7", row="Konstant (Mann)", column="AFT")
    data = tidy(
        [
            {
                "panel": "estimat",
                **MAN,
                "column": "aft",
                "value": ours,
                "se": 0.52,
                "unit": "months_per_year",
                "count": 60,
            }
        ]
    )
    judged = judge(printed, {"tabell-6-7": data})
    of = judged.set_index("panel")
    assert of.loc["estimat", "verdict"] == verdict
    assert of.loc["estimat", "se"] == pytest.approx(0.65)
    assert of.loc["standardfeil", "verdict"] == "utelatt_skala"
    assert of.loc["stjerner", "verdict"] == "utelatt_stjerner"
    assert judged["source"].tolist() == ["exhibits"] * 3


@pytest.mark.parametrize(
    ("value", "verdict"), [(16.74, "innen_avrunding"), (18.0, "innen_utvalgsfeil"), (30, "avvik_utover")]
)
def test_a_share_is_held_against_the_persons_behind_it(value, verdict):
    printed = pick("tabell-6-1", row="0-2 måneder", column="Standardinnsats")
    cell = {"row": "m0_2", "column": "standard", "value": value, "unit": "percent", "count": 50, "base": 400}
    judged = judge(printed, {"tabell-6-1": tidy([cell])})
    assert judged.loc[0, "verdict"] == verdict
    assert judged.loc[0, "se"] == pytest.approx(100 * np.sqrt(0.167 * 0.833 / 400))


def test_the_comparison_of_the_registers_fills_in_and_counts_once():
    printed = pick("tabell-6-1", row="0-2 måneder", column="Standardinnsats")
    there = {"reason": "", "printed": 16.7, "ours": 20.0, "step": 0.1, "count": 800.0, "base": 4000.0}
    alone = judge(printed, {}, **there)
    assert (alone.loc[0, "source"], alone.loc[0, "verdict"], alone.loc[0, "ours"]) == ("registers", "avvik_utover", 20)
    cell = {"row": "m0_2", "column": "standard", "value": 16.7, "unit": "percent", "count": 50, "base": 400}
    both = judge(printed, {"tabell-6-1": tidy([cell])}, **there)
    assert (both.loc[0, "source"], both.loc[0, "verdict"]) == ("both", "innen_avrunding")


def test_numbers_that_grow_with_the_population_have_a_sampling_error_of_counts():
    printed = pick("tabell-b-7", row="AFT")
    there = {"reason": "", "printed": 2639.0, "ours": 2500.0, "step": 1.0, "count": 500.0}
    judged = judge(printed, {}, **there)
    assert judged.loc[0, "se"] == pytest.approx(2500 / np.sqrt(500))
    assert judged.loc[0, "verdict"] == "innen_utvalgsfeil"


def test_of_costs_and_benefits_no_input_is_held_against_itself():
    printed = pick("tabell-7-2", row="AFT")
    row = {"row": "aft", "count": 60}
    as_printed = {
        "gjennomsnittlig_varighet": (10.1, "months"),
        "budsjettkostnad_per_maned": (18700, "nok_2022_per_month"),
    }
    specified = {**as_printed, "total_samfunnsokonomisk_kostnad": (223_305, "nok_2022")}
    cells = [
        {"panel": panel, **row, "column": column, "value": value + (panel == "as_estimated"), "unit": unit}
        for panel in ("as_specified", "as_estimated")
        for column, (value, unit) in specified.items()
    ]
    judged = judge(printed, {"tabell-7-2": tidy(cells)}).set_index("column")
    assert judged.loc["gjennomsnittlig_varighet", "ours"] == 11.1
    assert judged.loc["budsjettkostnad_per_maned", "verdict"] == "money"
    assert judged.loc["total_samfunnsokonomisk_kostnad", "verdict"] == "annet_tall_etter_reglene"
    assert judged.loc["total_samfunnsokonomisk_kostnad", "ours"] == 223_305


def test_every_printed_number_has_one_verdict_and_every_exhibit_a_kind():
    judged = judge(PUBLISHED, {})
    assert judged["place"].tolist() == list(range(len(PUBLISHED)))
    assert judged["exhibit"].tolist() == PUBLISHED["exhibit"].tolist()
    assert not judged["verdict"].isin(VERDICTS).any()
    assert {kind_of(exhibit) for exhibit in PUBLISHED["exhibit"]} == set(KINDS)
