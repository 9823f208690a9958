import pytest


@pytest.mark.parametrize(("last_before", "firsts"), [("2014-12", 1), ("2015-01", 0)])
def test_a_first_measure_follows_24_months_without_any(registers, last_before, firsts):
    person = registers.person("p1")
    registers.measure(person, "aft", "2014-10", last_before)
    registers.measure(person, "amo", "2017-01", "2017-03")
    moments = registers.moments()
    assert moments.value("tabell-4-4", "n", "forste_oppstartede_tiltak", "starts") == firsts
    assert moments.value("tabell-4-4", "n", "ovrige_oppstartede_tiltak", "starts") == 1 - firsts
    assert moments.value("tabell-4-4", "n", "alle_tiltaksdeltakere_hver_maned", "person_months") == 3


def test_of_two_starts_in_a_month_the_main_measure_is_first(registers):
    person = registers.person("p1")
    registers.measure(person, "amo", "2017-01", "2017-03", main=False)
    registers.measure(person, "oppfolging", "2017-01", "2017-03")
    moments = registers.moments()
    assert moments.value("tabell-b-2", "oppfolging", "n", "persons") == 1
    assert moments.value("tabell-b-2", "amo", "n", "persons") == 0
    assert moments.value("tabell-4-4", "n", "alle_oppstartede_tiltak", "starts") == 2


def test_a_person_has_one_first_measure_in_the_period(registers):
    person = registers.person("p1")
    registers.measure(person, "amo", "2016-01", "2016-02")
    registers.measure(person, "aft", "2020-01", "2020-02")
    assert registers.moments().value("tabell-4-5", "alle", "n", "persons") == 1


def test_the_mean_is_of_the_first_measure_and_the_months_of_any(registers):
    person = registers.person("p1")
    registers.state(person, "2017-01", "2019-12", nav_group="standard")
    registers.measure(person, "amo", "2017-01", "2017-03")
    registers.measure(person, "aft", "2017-07", "2017-07")
    moments = registers.moments()
    assert moments.value("tabell-4-5", "alle", "gjennomsnitt", "months") == 3
    months = [moments.value("tabell-4-5", "standard", f"m{k}", row_group="gruppe_innsats") for k in (1, 6, 12)]
    assert months == [100, 100, 0]


def test_a_long_measure_counts_24_months(registers):
    registers.measure(registers.person("p1"), "vta", "2017-01", "2022-12")
    assert registers.moments().value("tabell-4-5", "alle", "gjennomsnitt", "months") == 24


def test_months_of_years_are_compared(registers):
    registers.measure(registers.person("p1"), "arbeidstrening", "2017-01", "2017-06")
    registers.measure(registers.person("p2"), "arbeidstrening", "2021-11", "2022-02")
    value = registers.moments().value("figur-4-9", "arbeidstrening", "y2022_relativt_til_2017", "ratio")
    assert value == pytest.approx(1 / 3)


def test_starts_of_2022_are_described_at_the_start(registers):
    for name, born in (("p1", "1972-12"), ("p2", "1973-01")):
        registers.measure(registers.person(name, born=born), "avklaring", "2022-05", "2022-06")
    share = registers.moments().value("figur-4-10", "avklaring", "andel_50_ar_og_over", panel="b_aldersgrupper")
    assert share == 50


def test_starts_of_2022_are_split_by_group_and_months_by_year(registers):
    person = registers.person("p1")
    registers.state(person, "2021-01", "2022-12", nav_group="sykmeldt")
    registers.measure(person, "avklaring", "2021-12", "2022-01")
    registers.measure(person, "amo", "2022-12", "2022-12")
    moments = registers.moments()
    started = [
        moments.value("figur-4-10", key, "sykmeldt", "starts", panel="a_nav_grupper") for key in ("avklaring", "amo")
    ]
    assert started == [0, 1]
    by_year = [moments.value("figur-4-9", "i_alt", f"y{year}", "person_months") for year in (2020, 2021, 2022)]
    assert by_year == [0, 1, 2]
