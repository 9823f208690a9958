import pytest


@pytest.mark.parametrize(("last_before", "new"), [("2014-12", True), ("2015-01", False)])
def test_a_first_registration_follows_24_months_without_a_nav_group(registers, last_before, new):
    person = registers.person("p1")
    registers.state(person, last_before, last_before, nav_group="sykmeldt")
    registers.state(person, "2017-01", "2017-03", nav_group="standard")
    assert registers.moments().value("tabell-4-3", "alle", "n", "persons") == new


def test_each_person_counts_once_with_the_first_registration_of_the_period(registers):
    person = registers.person("p1")
    registers.state(person, "2016-02", "2016-02", nav_group="standard")
    registers.state(person, "2020-05", "2020-05", nav_group="varig_tilpasset")
    moments = registers.moments()
    assert moments.value("tabell-4-2", "standard", "forste_registrering", row_group="gruppe_innsats") == 100
    assert moments.value("tabell-4-2", "standard", "alle_registrerte", row_group="gruppe_innsats") == 50
    assert moments.value("tabell-4-2", "n", "forste_registrering", "percent") == 50


def test_characteristics_are_those_of_the_month(registers):
    person = registers.person("p1", born="1990-12", sex="2", country="SWE", category="B")
    registers.educated(person, 2015, "300000")
    registers.educated(person, 2018, "700000")
    registers.state(person, "2018-02", "2020-02", nav_group="standard")
    registers.state(person, "2017-10", "2017-10", in_work=True)
    moments = registers.moments()
    for block, row in (
        ("gruppe_kjonn", "kvinne"),
        ("gruppe_alder", "alder_20_29"),
        ("gruppe_innvandring", "lg1"),
        ("gruppe_innvandring", "innvandrer"),
        ("gruppe_utdanning", "hoyere_utdanning"),
        ("gruppe_ledighet", "i_arbeid_siste_5_mnd"),
    ):
        assert moments.value("tabell-4-2", row, "forste_registrering", row_group=block) == 100
    months = moments.value("tabell-4-2", "alder_30_39", "alle_registrerte", row_group="gruppe_alder")
    assert months == pytest.approx(100 * 2 / 25)


def test_a_person_works_again_within_five_months_or_not(registers):
    for name, worked in (("p1", "2017-09"), ("p2", "2017-08")):
        registers.person(name)
        registers.state(name, worked, worked, in_work=True)
        registers.state(name, "2018-02", "2018-02", nav_group="standard")
    moments = registers.moments()
    for row in ("i_arbeid_siste_5_mnd", "uten_arbeid_6_mnd"):
        assert moments.value("tabell-4-2", row, "forste_registrering", row_group="gruppe_ledighet") == 50


def test_the_cumulative_share_counts_once_and_stays(registers):
    person = registers.person("p1")
    registers.person("p2")
    for name in ("p1", "p2"):
        registers.state(name, "2017-01", "2019-12", nav_group="standard")
    registers.measure(person, "jobbklubb", "2017-07", "2017-07")
    moments = registers.moments()
    shares = [moments.value("tabell-4-3", "alle", f"m{month}") for month in (1, 6, 12, 24)]
    assert shares == [0, 50, 50, 50]
    assert moments.value("tabell-4-3", "standard", "m24", row_group="gruppe_innsats") == 50


def test_intensity_is_months_on_measure_over_months_registered(registers):
    person = registers.person("p1")
    registers.state(person, "2017-01", "2017-10", nav_group="standard")
    registers.measure(person, "amo", "2017-10", "2017-12")
    intensity = registers.moments().value("tabell-b-1", "mann", "tiltaksintensitet", row_group="gruppe_kjonn")
    assert intensity == 10


def test_stocks_after_the_first_registration(registers):
    courses = {
        "p1": [("2017-01", "2017-03", "standard")],
        "p2": [("2017-01", "2017-08", "standard"), ("2017-09", "2019-02", "spesielt_tilpasset")],
        "p3": [("2017-01", "2019-01", "standard")],
    }
    for name, spells in courses.items():
        registers.person(name)
        for first, last, group in spells:
            registers.state(name, first, last, nav_group=group)
    moments = registers.moments()
    halved = "n4_maneder_senere_antall_relativt_til_forste_maned"
    assert moments.value("figur-4-2", "standard", halved, "ratio") == pytest.approx(2 / 3)
    assert moments.value("figur-4-3", "standard", "ikke_registrert_etter_6_maneder") == pytest.approx(100 / 3)
    assert moments.value("figur-4-2", "ikke_registrert", "m24") == pytest.approx(100 / 3)
    assert moments.value("figur-4-2", "standard", "n24_maneder_andel_av_fortsatt_registrerte") == 50


def test_nobody_is_no_fault(registers):
    moments = registers.moments()
    assert moments.value("tabell-4-3", "alle", "n", "persons") == 0
    assert moments.value("tabell-4-3", "alle", "m1") != moments.value("tabell-4-3", "alle", "m1")


@pytest.mark.parametrize(("start", "at_start"), [("2017-01", "standard"), ("2017-04", "spesielt_tilpasset")])
def test_the_group_at_the_first_measure_is_that_of_its_month(registers, start, at_start):
    person = registers.person("p1")
    registers.state(person, "2017-01", "2017-03", nav_group="standard")
    registers.state(person, "2017-04", "2017-12", nav_group="spesielt_tilpasset")
    registers.measure(person, "amo", start, "2017-05")
    moments = registers.moments()
    assert moments.value("figur-4-6", "standard", at_start, "persons") == 1
    assert moments.value("figur-4-6", "n", "n", "persons") == 1


def test_a_measure_before_the_registration_or_none_is_no_flow(registers):
    for name in ("p1", "p2"):
        registers.state(registers.person(name), "2017-03", "2017-12", nav_group="standard")
    registers.measure("p1", "amo", "2017-01", "2017-02")
    assert registers.moments().value("figur-4-6", "n", "n", "persons") == 0


def test_places_in_single_months_fill_the_whole(registers):
    registers.state(registers.person("p1"), "2017-01", "2017-12", nav_group="sykmeldt")
    moments = registers.moments()
    for month, place in ((0, "sykmeldt"), (11, "sykmeldt"), (12, "ikke_registrert"), (24, "ikke_registrert")):
        assert moments.value("figur-4-2", place, f"m{month}") == 100
