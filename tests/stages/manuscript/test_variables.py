"""Values of the text: numbers in two languages, cells by their keys, what is suppressed or absent."""

from pathlib import Path

import pytest

from tiltakseffekt.stages.exhibits.labels import SUPPRESSED
from tiltakseffekt.stages.exhibits.tidy import tidy, write_tidy
from tiltakseffekt.stages.manuscript.numbers import number, spoken
from tiltakseffekt.stages.manuscript.variables import cell_variables, fill_absent, setting_variables, variables

SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("value", "unit", "norwegian", "english"),
    [
        (1234567.4, "nok_2022", f"1{SPACE}234{SPACE}567", "1,234,567"),
        (-0.355, "months_per_year", f"{MINUS}0,35", f"{MINUS}0.35"),
        (16.72, "percent", f"16,7{SPACE}%", f"16.7{SPACE}%"),
        (-0.001, "months_per_year", "0,00", "0.00"),
        (float("nan"), "percent", "–", "–"),
        (None, "percent", "–", "–"),
    ],
)
def test_numbers(value: float | None, unit: str, norwegian: str, english: str) -> None:
    assert (number(value, unit, "nb", {}), number(value, unit, "en", {})) == (norwegian, english)


@pytest.mark.parametrize(
    ("value", "norwegian", "english"),
    [
        ("2017-07", "juli 2017", "July 2017"),
        (2000, f"2{SPACE}000", "2,000"),
        (0.25, "0,25", "0.25"),
        (95.0, "95", "95"),
        (True, "ja", "yes"),
        (None, "–", "–"),
        ("honest_forest", "honest_forest", "honest_forest"),
    ],
)
def test_settings_in_a_sentence(value: object, norwegian: str, english: str) -> None:
    assert (spoken(value, "nb"), spoken(value, "en")) == (norwegian, english)


def test_settings_that_are_names_have_no_thousands_sign() -> None:
    tree = setting_variables({"seed": 20170701, "panel": {"price_year": 2022}, "trees": 2000})
    assert tree["seed"]["nb"] == "20170701"
    assert tree["panel"]["price_year"]["en"] == "2022"
    assert tree["trees"]["en"] == "2,000"


def test_cells_are_found_by_the_keys_that_are_not_empty() -> None:
    data = tidy(
        [
            {"row": "amo", "column": "y1", "value": 1.5, "low": 1.0, "high": 2.0, "unit": "months_per_year"},
            {"panel": "p", "row": "aft", "column": "y1", "text": SUPPRESSED, "unit": "persons"},
            {"row": "virkning", "column": "amo", "text": "positiv", "unit": "text"},
            {"row": "curve", "x": 1.0, "value": 2.0},
            {"row": "twice", "column": "y1", "value": 1.0},
            {"row": "twice", "column": "y1", "value": 2.0},
        ]
    )
    tree = cell_variables(data, {})
    assert tree["amo"]["y1"] == {
        "nb": "1,50",
        "en": "1.50",
        "low": {"nb": "1,00", "en": "1.00"},
        "high": {"nb": "2,00", "en": "2.00"},
    }
    assert tree["p"]["aft"]["y1"]["nb"] == "–"
    assert tree["virkning"]["amo"]["nb"] == "positiv"
    assert set(tree) == {"amo", "p", "virkning"}


def test_only_empty_exhibits_and_measures_without_starters_are_filled() -> None:
    cells = {"refused": {}, "shown": {"amo": {"y1": {"nb": "1"}}}}
    filled = fill_absent(
        cells, ["refused.aft.y1.nb", "shown.aft.y1.nb", "shown.amo.y9.nb", "settings.seed.nb"], ["aft", "amo"]
    )
    assert filled == ["refused.aft.y1.nb", "shown.aft.y1.nb"]
    assert cells == {
        "refused": {"aft": {"y1": {"nb": "–"}}},
        "shown": {"amo": {"y1": {"nb": "1"}}, "aft": {"y1": {"nb": "–"}}},
    }


def test_variables_take_values_from_exported_data_only(tmp_path: Path) -> None:
    source = tmp_path / "index.qmd"
    source.write_text("{{< include export/nytte-kostnad-kort/table.md >}} {{< include export/figur-9-9/table.md >}}")
    write_tidy(
        tidy([{"row": "n", "column": "all", "value": 12345, "unit": "persons"}]),
        tmp_path / "nytte-kostnad-kort/data.csv",
    )
    words = {"notice": {"nb": "Syntetisk", "en": "Synthetic"}}
    exported, settings = [tmp_path / "nytte-kostnad-kort/data.csv"], {"effects": {"confidence": 0.95}}
    content = variables(exported, [source], [], {"nytte-kostnad-kort": {"persons": -3}}, settings, words, "abc")
    assert content["nytte_kostnad_kort"]["n"]["all"]["nb"] == f"12{SPACE}000"
    assert content["figur_9_9"] == {}
    assert content["data"]["notice"]["nb"] == "Syntetisk"
    assert content["settings"]["confidence_percent"]["nb"] == "95"
    assert content["code"] == {"version": "abc"}
