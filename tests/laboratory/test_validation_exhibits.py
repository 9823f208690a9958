"""Data of the comparison with the planted truth."""

import pandas as pd
from tests.arms import ARMS

from tiltakseffekt.laboratory.exhibits.validation import sannhet, sannhet_varianter
from tiltakseffekt.laboratory.schemas import TRUTH_COMPARISON


def test_a_row_per_measure_and_a_column_per_question():
    rows = [
        {"arm": arm, "outcome": outcome, "estimate": 2.0, "se": 0.5, "truth": truth, "error_in_se": (2 - truth) / 0.5}
        for outcome in ("wage_income_y1", "months_in_work_y1")
        for arm, truth in (("amo", 4.0), ("aft", 1.5))
    ]
    table = pd.DataFrame(rows).assign(estimand="atet", n_arm=60)
    table = table.assign(covered=table["error_in_se"].abs() < 1.96)
    data = sannhet(pd.concat([table, table.assign(estimand="ate", estimate=99.0)]), arms=ARMS)
    assert data["row_group"].unique().tolist() == ["months_in_work_y1", "wage_income_y1"]
    assert data["row"].unique().tolist() == ["aft", "amo"]
    amo = data.query("row == 'amo' and row_group == 'months_in_work_y1'").set_index("column")
    assert amo["value"].dropna().to_dict() == {
        "estimat": 2.0,
        "standardfeil": 0.5,
        "sannhet": 4.0,
        "avvik_i_standardfeil": -4.0,
    }
    assert amo.loc["dekket", "text"] == "nei"
    assert set(data["count"]) == {60}


def test_no_truth_no_rows():
    assert sannhet(pd.DataFrame(columns=list(TRUTH_COMPARISON.columns)), arms=ARMS).empty


def test_distances_by_analysis():
    rows = [
        ("months_in_work_y1", 2.0, 1.0, True),
        ("months_in_work_y3", 1.0, 4.0, False),
        ("wage_income_y1", 5, 4, True),
    ]
    table = pd.DataFrame(rows, columns=["outcome", "estimate", "truth", "covered"]).assign(estimand="atet", se=0.5)
    table = table.assign(error_in_se=(table["estimate"] - table["truth"]) / table["se"])
    data = sannhet_varianter(main=pd.concat([table, table.assign(estimand="ate", estimate=99.0)]), other=table.iloc[:0])
    assert set(data["row"]) == {"main"}
    found = data[data["row_group"] == "maneder_i_arbeid"].set_index("column")["value"]
    assert found.to_dict() == {
        "antall_estimater": 2,
        "gjennomsnittlig_avvik": -1,
        "gjennomsnittlig_absolutt_avvik": 2,
        "absolutt_avvik_i_standardfeil": 4,
        "andel_dekket": 50,
    }
