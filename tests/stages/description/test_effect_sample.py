import pytest


def entrant(registers, name, group="situasjonsbestemt", first="2018-01", last="2018-12"):
    registers.person(name)
    registers.state(name, first, last, nav_group=group)
    return name


def test_controls_count_with_the_chance_to_be_registered_when_the_others_start(registers):
    for name, start in (("t1", "2018-02"), ("t2", "2018-06"), ("t3", "2018-06")):
        registers.measure(entrant(registers, name), "amo", start, start)
    entrant(registers, "c1", last="2018-03")
    moments = registers.moments()
    third = 1 / 3
    assert moments.value("tabell-6-3", "ikke_tiltak", "situasjonsbestemt", "persons") == pytest.approx(third)
    assert moments.value("tabell-6-1", "n", "situasjonsbestemt", "persons") == pytest.approx(3 + third)
    never = moments.value("tabell-6-1", "begynner_ikke_pa_tiltak", "situasjonsbestemt")
    assert never == pytest.approx(100 * third / (3 + third))
    assert moments.value("tabell-6-1", "m3_5", "situasjonsbestemt") == pytest.approx(100 * 2 / (3 + third))


def test_later_starters_are_controls_of_tabell_6_1(registers):
    registers.measure(entrant(registers, "t1"), "amo", "2018-01", "2018-01")
    later = entrant(registers, "c1", last="2019-12")
    registers.measure(later, "aft", "2019-02", "2019-03")
    moments = registers.moments()
    assert moments.value("tabell-6-1", "m12_14", "situasjonsbestemt") == 50
    assert moments.value("tabell-6-6", "aft", "m12_23", "starts") == 1
    assert moments.value("tabell-6-3", "aft", "situasjonsbestemt", "persons") == 0
    treated = "andel_av_tiltaksstarterne_innen_4_ar_som_er_i"
    assert moments.value("tabell-6-1", "situasjonsbestemt", treated) == 50


def test_the_alternative_sample_knows_only_reduced_work_capacity(registers):
    person = registers.person("p1")
    registers.state(person, "2016-01", "2018-05", nav_group="situasjonsbestemt")
    registers.state(person, "2018-06", "2019-05", nav_group="spesielt_tilpasset")
    registers.measure(person, "aft", "2018-08", "2018-09")
    moments = registers.moments()
    columns = ("hoved_2_ar", "hoved_1_ar", "alternativ_nedsatt_1_ar")
    assert [moments.value("tabell-b-8", "n", column, "persons") for column in columns] == [0, 0, 1]
    assert moments.value("tabell-b-7", "aft", "spesielt_tilpasset", "persons") == 1
    row = "antall_maneder_registrert_i_en_innsatsgruppe_utenom_sykmeldt"
    block = "nav_historikk_siste_60_maneder"
    assert moments.value("tabell-b-8", row, columns[2], "months", row_group=block) == 29


def test_duration_and_tiltakspenger_are_those_of_the_first_measure(registers):
    person = entrant(registers, "t1")
    registers.measure(person, "amo", "2018-02", "2018-05")
    registers.state(person, "2018-02", "2018-02", tiltakspenger=True)
    moments = registers.moments()
    assert moments.value("tabell-7-2", "amo", "gjennomsnittlig_varighet", "months") == 4
    assert moments.value("tabell-7-4", "amo", "andel_av_tiltaksmaneder_med_tiltakspenger") == 25
    assert moments.value("tabell-6-2", "situasjonsbestemt", "situasjonsbestemt") == 100
