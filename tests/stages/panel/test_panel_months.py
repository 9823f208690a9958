"""The panel of made-up persons, against months counted by hand."""

import hashlib

import pandas as pd
import pytest

from tiltakseffekt.core import keys
from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.core.months import parse_month
from tiltakseffekt.core.tables import table_faults, write_arrow
from tiltakseffekt.stages.clean.tables import Resources
from tiltakseffekt.stages.panel import schemas
from tiltakseffekt.stages.panel.months import SOURCES, build_panel, calendar
from tiltakseffekt.stages.panel.settings import PanelSettings

SETTINGS = PanelSettings(first_month="2017-01", last_month="2018-12")
PRICES = {2017: 80.0, 2018: 90.0, 2022: 100.0}
BASE_AMOUNTS = {2016: 120, 2017: 1200, 2018: 2400}
COLUMNS = {
    "person": ["person_id"],
    "employment": ["person_id", "month", "employer_id", "position_pct", "wage"],
    "nav_status": ["person_id", "month", "nav_group", "nav_office"],
    "tiltak": ["person_id", "measure", "start_month", "stop_month", "main_measure"],
    "benefits": ["person_id", "month", "benefit", "amount"],
    "disability": ["person_id", "month", "degree"],
}
DTYPES = {
    "month": "int32",
    "start_month": "int32",
    "stop_month": "Int32",
    "main_measure": "bool",
    "amount": "float64",
    "wage": "float64",
    "position_pct": "float64",
    "degree": "int64",
}


def m(text):
    return parse_month(text)


def codes_of(groups):
    """Return codes of groups; the sick-listed are all followed up at the workplace."""
    return groups.map({"sykmeldt": "VURDI"}).fillna("BFORM")


@pytest.fixture
def panel(tmp_path):
    """Return a function that writes the rows given and returns the panel; persons are 01 and 02."""

    def run(threads=1, settings=SETTINGS, **rows):
        rows["person"] = [("01",), ("02",)]
        paths = {}
        for name in SOURCES:
            frame = pd.DataFrame(rows.get(name, []), columns=COLUMNS[name])
            if name == "nav_status":
                frame = frame.assign(kvalifiseringsgruppe=codes_of(frame["nav_group"]))
            paths[name] = tmp_path / f"{name}.parquet"
            frame.astype({c: DTYPES.get(c, "str") for c in frame}).to_parquet(paths[name], index=False)
        table = build_panel(
            paths,
            calendar(settings, PRICES, BASE_AMOUNTS),
            settings,
            Resources("300MB", threads, tmp_path / "work"),
        )
        write_arrow(table, tmp_path / "panel.parquet")
        frame = table.to_pandas()
        assert table_faults(frame, schemas.PANEL) == []
        assert not frame.duplicated(["person_id", "month"]).any()
        return frame

    return run


def test_g_is_that_in_force_in_the_month_and_prices_are_annual():
    months = calendar(SETTINGS, PRICES, BASE_AMOUNTS).set_index("month")
    assert list(months.loc[[m("2017-01"), m("2017-04"), m("2017-05"), m("2018-05")], "g"]) == [120, 120, 1200, 2400]
    assert months.loc[m("2017-12"), "price_factor"] == 1.25


def test_a_year_that_a_codebook_lacks_is_a_fault():
    with pytest.raises(FaultsFound) as error:
        calendar(SETTINGS, {2018: 90.0}, {2017: 1})
    assert len(error.value.faults) == 4


@pytest.mark.parametrize(
    ("jobs", "in_work", "high_income", "wage"),
    [
        ([(20.0, 100.0)], True, False, 125),
        ([(19.9, 100.0)], False, False, 125),
        ([(100.0, 99.99)], False, False, 125),
        ([(10.1, 33.3), (9.9, 66.7)], True, False, 125),
        ([(100.0, 300.0)], True, True, 375),
        ([(0.1, 300.0), (19.0, 0.0)], False, False, 375),
        ([(100.0, 0.4), (0.0, 0.0)], False, False, 1),
    ],
)
def test_in_work_and_high_income_follow_the_sums_over_jobs(panel, jobs, in_work, high_income, wage):
    rows = [("01", m("2017-06"), f"E{i}", position, nominal) for i, (position, nominal) in enumerate(jobs)]
    row = panel(employment=rows).iloc[0]
    assert (row["in_work"], row["high_income"], row["wage"]) == (in_work, high_income, wage)


def test_april_is_measured_by_the_g_of_the_year_before(panel):
    found = panel(employment=[("01", m("2017-04"), "E", 50.0, 10.0), ("01", m("2017-05"), "E", 50.0, 10.0)])
    assert list(found["in_work"]) == [True, False]


def test_only_months_of_the_panel_and_only_where_a_register_speaks(panel):
    found = panel(
        employment=[("02", m("2016-12"), "E", 1.0, 1.0), ("02", m("2019-01"), "E", 1.0, 1.0)],
        nav_status=[("02", m("2018-03"), "standard", "0301"), ("02", m("2016-12"), "standard", "0301")],
        benefits=[("01", m("2018-02"), "aap", 10.0), ("01", m("2018-02"), "sosialhjelp", 1.0)],
        disability=[("01", m("2018-04"), 50)],
    )
    assert list(zip(found["person_id"], found["month"], strict=True)) == [
        ("01", m("2018-02")),
        ("01", m("2018-04")),
        ("02", m("2018-03")),
    ]
    assert [key for key in keys.BENEFITS if found[key].iloc[0]] == ["aap", "sosialhjelp"]
    assert list(found["disability_degree"]) == [0, 50, 0]
    assert found["nav_group"].iloc[2] == "standard"
    assert found["nav_group"].isna().sum() == 2


def test_a_benefit_of_nothing_is_not_received(panel):
    assert panel(benefits=[("01", m("2018-02"), "aap", 0.0)]).empty


def test_spells_fill_their_months_and_open_ones_run_to_the_end(panel):
    found = panel(
        tiltak=[
            ("01", "aft", m("2016-11"), m("2017-02"), True),
            ("01", "amo", m("2018-11"), None, True),
            ("02", "ips", m("2019-02"), None, True),
        ]
    )
    assert list(found["month"]) == [m("2017-01"), m("2017-02"), m("2018-11"), m("2018-12")]
    assert list(found["measure"]) == ["aft", "aft", "amo", "amo"]
    assert found["on_measure"].all()


@pytest.mark.parametrize(
    ("spells", "measure"),
    [
        ([("aft", -2, False), ("ips", 0, True)], "ips"),
        ([("aft", 0, True), ("ips", -1, True)], "ips"),
        ([("ips", 0, True), ("aft", 0, True)], "aft"),
        ([("ips", 0, False), ("aft", -1, False)], "aft"),
    ],
)
def test_of_several_measures_the_main_one_counts_then_the_first(panel, spells, measure):
    month = m("2018-06")
    found = panel(tiltak=[("01", key, month + start, month, main) for key, start, main in spells])
    assert found.set_index("month").loc[month, "measure"] == measure


def test_threads_do_not_change_a_byte(tmp_path, panel):
    rows = [("01", m("2017-06"), f"E{i}", 100 / 7, 1000 / 3 + i) for i in range(50)]
    status = [(person, month, "standard", "0301") for person in ("01", "02") for month in range(204, 228)]
    found = set()
    for threads in (1, 2, 1):
        panel(threads=threads, employment=rows, nav_status=status)
        found.add(hashlib.sha256((tmp_path / "panel.parquet").read_bytes()).hexdigest())
    assert len(found) == 1


def test_no_rows_give_an_empty_panel(panel):
    assert list(panel().columns) == list(schemas.PANEL.columns)


@pytest.mark.parametrize(("other", "counts"), [(None, False), ("2016-02", False), ("2016-03", True), ("2018-02", True)])
def test_followed_at_work_counts_only_after_another_group_within_two_years(panel, other, counts):
    """The month is March 2018; an earlier month of the same kind does not make it count."""
    status = [("01", m("2018-03"), "sykmeldt", "0301"), ("01", m("2018-01"), "sykmeldt", "0301")]
    status += [("01", m(other), "standard", "0301")] if other else []
    found = panel(nav_status=status)
    months = found.loc[found["nav_group"] == "sykmeldt", "month"].tolist()
    assert (m("2018-03") in months) == counts
