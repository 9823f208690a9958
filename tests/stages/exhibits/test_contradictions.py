"""Printed numbers of the effects report that others of it contradict."""

from pathlib import Path

import pandas as pd
import pytest

from tiltakseffekt.documents.exhibits.contradictions import FITTING, LEGEND, contradictions, stars_at_odds
from tiltakseffekt.stages.exhibits.tidy import tidy

CONFIG = Path(__file__).parents[3] / "config"


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(CONFIG / name, dtype="str", keep_default_na=False)


@pytest.fixture(scope="module")
def found() -> dict[tuple[str, str], tuple[float, float]]:
    data = tidy(contradictions(read("documents/effektrapport_2024/numbers.csv"), read("codebook/labels.csv")))
    values = data[data["value"].notna()].pivot(index=["row_group", "row"], columns="column", values="value")
    return {
        (group.partition("+")[2], row): (v["trykt"], v["etter_andre_tall"]) for (group, row), v in values.iterrows()
    }


def test_numbers_that_the_document_prints_twice(found):
    assert found["tabell-4-2", "n+forste_registrering"] == (921_519, 922_603)
    assert found["figur-4-5", "standard+m24"] == (11, 10)
    assert found["tabell-6-6", "jobbklubb+m0_11"] == (2_836, 1_260 + 1_052 + 42)
    assert ("tabell-6-6", "midl_lonnstilskudd+m0_11") not in found


def test_the_row_of_all_is_not_the_mean_of_its_groups(found):
    rows = {row: pair for (exhibit, row), pair in found.items() if exhibit == "tabell-4-5"}
    assert {row: pair[0] for row, pair in rows.items()} == {
        "alle+m1": 79,
        "alle+m6": 42,
        "alle+m12": 30,
        "alle+m18": 24,
        "alle+m24": 20,
    }
    groups = [(26787, 30), (120590, 80), (134089, 74), (5728, 92), (24967, 64), (2386, 64), (1856, 66)]
    mean = sum(n * share for n, share in groups) / sum(n for n, _ in groups)
    assert rows["alle+m1"][1] == pytest.approx(mean)


def test_starts_in_the_second_year_are_more_than_those_of_the_sample(found):
    assert found["tabell-6-6", "total+m12_23"] == (7_094, 4_734)


def test_the_legend_of_the_stars_is_contradicted_by_the_stars(found):
    assert found["tabell-6-7", "stjerner_i_strid"] == (34, 0)


def test_stars_that_rounding_allows_are_not_at_odds():
    cell = {"exhibit": "tabell-6-7", "row_group": "g", "row": "r", "column": "aft"}

    def odds(stars: int, levels: tuple[float, ...]) -> int:
        # z between 1.88 and 2.04 within the rounding: 5 per cent may be reached or not, 1 per cent never.
        numbers = {"estimat": 0.49, "standardfeil": 0.25, "stjerner": stars}
        return stars_at_odds(pd.DataFrame([{**cell, "panel": p, "number": v} for p, v in numbers.items()]), levels)

    assert [odds(stars, FITTING) for stars in range(4)] == [0, 0, 1, 1]
    assert [odds(stars, LEGEND) for stars in range(4)] == [1, 0, 0, 1]
