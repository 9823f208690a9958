import pytest


def course(registers, *spells, born="1985-06"):
    """Add a person with spells and return the moments of all."""
    name = registers.person(f"p{len(registers.people)}", born=born)
    for group, first, last, *code in spells:
        registers.measure(name, group, first, last, *code)
    return name


def kinds(moments):
    rows = ("alene", "tiltakskombinasjon", "tiltakskjede", "bade_tiltakskombinasjon_og_kjede")
    return [moments.value("tabell-4-6", row, "antall_tiltakslop", "spells") for row in rows]


@pytest.mark.parametrize(
    ("next_start", "expected"),
    [("2017-06", [0, 0, 1, 0]), ("2017-07", [2, 0, 0, 0])],
    ids=["two whole months between", "three whole months between"],
)
def test_a_break_of_two_months_is_in_a_course_and_one_of_three_parts_it(registers, next_start, expected):
    course(registers, ("amo", "2017-01", "2017-03"), ("jobbklubb", next_start, "2017-09"))
    moments = registers.moments()
    assert kinds(moments) == expected
    assert moments.value("tabell-4-6", "i_alt", "antall_tiltakslop", "spells") == sum(expected)


@pytest.mark.parametrize(
    ("spells", "expected"),
    [
        ([("amo", "2017-01", "2017-03"), ("amo", "2017-05", "2017-06")], [1, 0, 0, 0]),
        ([("amo", "2017-01", "2017-09"), ("jobbklubb", "2017-03", "2017-05")], [0, 1, 0, 0]),
        ([("amo", "2017-01", "2017-05"), ("jobbklubb", "2017-01", "2017-05")], [0, 1, 0, 0]),
        ([("amo", "2017-01", "2017-05"), ("jobbklubb", "2017-03", "2017-09")], [0, 0, 0, 1]),
        ([("amo", "2017-01", "2017-05"), ("jobbklubb", "2017-06", "2017-09")], [0, 0, 1, 0]),
    ],
    ids=["the same again", "within the other", "side by side", "continues after the first", "one after the other"],
)
def test_kinds_of_courses(registers, spells, expected):
    course(registers, *spells)
    assert kinds(registers.moments()) == expected


def test_a_long_measure_bridges_a_short_one(registers):
    course(
        registers,
        ("amo", "2017-01", "2017-12"),
        ("jobbklubb", "2017-02", "2017-02"),
        ("aft", "2017-11", "2018-03"),
    )
    moments = registers.moments()
    assert kinds(moments) == [0, 0, 0, 1]
    row = "bade_tiltakskombinasjon_og_kjede"
    assert moments.value("tabell-4-6", row, "varighet_pa_tiltakslop", "months") == 15


def test_the_period_is_that_of_the_first_month(registers):
    course(registers, ("amo", "2015-12", "2017-03"))
    course(registers, ("amo", "2020-12", "2021-03"))
    assert kinds(registers.moments()) == [1, 0, 0, 0]


def test_pairs_are_counted_by_month_and_three_measures_are_three_pairs(registers):
    course(
        registers,
        ("arbeidstrening", "2017-01", "2017-04"),
        ("tilrettelegging_bedrift", "2017-03", "2017-04", "MENTOR"),
        ("utdanning", "2017-04", "2017-04"),
    )
    moments = registers.moments()
    pair = "arbeidstrening__og__tilrettelegging_bedrift"
    assert moments.value("tabell-4-7", pair, "antall_tiltaksmaneder", "person_months") == 2
    assert moments.value("tabell-4-7", pair, "andel") == 50
    assert moments.value("tabell-4-7", "arbeidstrening_ett_av_tiltakene", "andel") == 100
    assert moments.value("text", "arbeidstrening", "andel_av_tiltaksmanedene_kombinert_med_mentor") == 50


def test_sequences_count_starts_and_a_repeated_measure_once(registers):
    course(
        registers,
        ("amo", "2017-01", "2017-02"),
        ("amo", "2017-04", "2017-05"),
        ("arbeidstrening", "2017-06", "2017-07"),
    )
    course(registers, ("avklaring", "2017-01", "2017-01"), ("aft", "2017-02", "2017-07"))
    course(registers, ("avklaring", "2017-01", "2017-01"))
    moments = registers.moments()
    column = "antall_oppstartede_tiltak"
    assert moments.value("tabell-4-8", "amo__til__arbeidstrening", column, "starts") == 3
    assert moments.value("tabell-4-8", "avklaring__til__aft", "andel") == 40
    share = moments.value("tabell-4-8", "to_tiltak", "andel_av_oppstartede_tiltakslop")
    assert share == pytest.approx(200 / 3)


@pytest.mark.parametrize(("last", "own"), [("2018-12", 24), ("2019-01", 24), ("2018-11", 23)])
def test_a_course_counts_months_within_two_years(registers, last, own):
    course(registers, ("aft", "2017-01", last))
    moments = registers.moments()
    assert moments.value("figur-4-8", "aft", "pa_det_forste_tiltaket", "months") == own
    assert moments.value("figur-4-8", "aft", "bare_pa_andre_tiltak", "months") == 0


def test_a_month_on_the_first_measure_counts_as_that_and_one_on_two_others_once(registers):
    course(
        registers,
        ("amo", "2017-01", "2017-03"),
        ("arbeidstrening", "2017-03", "2017-06"),
        ("oppfolging", "2017-05", "2017-07"),
        ("amo", "2017-09", "2017-09"),
    )
    moments = registers.moments()
    assert moments.value("figur-4-8", "amo", "pa_det_forste_tiltaket", "months") == 4
    assert moments.value("figur-4-8", "amo", "bare_pa_andre_tiltak", "months") == 4


def test_any_pair_and_sequence_is_counted(registers):
    course(registers, ("ips", "2017-01", "2017-04"), ("vta", "2017-03", "2017-08"))
    moments = registers.moments()
    months = moments.value("tabell-4-7", "ips+vta", "antall_tiltaksmaneder", "person_months", row_group="tiltakspar")
    starts = moments.value("tabell-4-8", "ips+vta", "antall_oppstartede_tiltak", "starts", row_group="tiltaksrekke")
    assert (months, starts) == (2, 2)
    assert moments.value("tabell-4-8", "i_alt", "antall_oppstartede_tiltak", "starts") == 2
