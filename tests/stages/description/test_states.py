import pytest

from tiltakseffekt.stages.description.starts import MONTHS
from tiltakseffekt.stages.description.states import STATES

START = "2017-01"
LATER = "2017-07"
#: What holds in the month, besides what each line adds; the first criterion met decides.
LADDER = (
    ("tilstand_arbeid_tiltak", {"in_work": True, "on_measure": True}),
    ("tilstand_arbeid_hoy", {"in_work": True, "high_income": True}),
    ("tilstand_arbeid_lav", {"in_work": True}),
    ("tilstand_tiltak", {"on_measure": True}),
    ("tilstand_ufor", {"disability_degree": 50, "nav_group": "standard"}),
    ("tilstand_arbeidssoker", {"nav_group": "situasjonsbestemt"}),
    ("tilstand_nedsatt", {"nav_group": "varig_tilpasset"}),
    ("tilstand_annet", {"nav_group": "sykmeldt"}),
)


def starter(registers, group="amo"):
    name = registers.person("p1")
    registers.measure(name, group, START, START)
    return name


def states(moments, month="m6"):
    return {state: moments.value("figur-5-1", state, month, panel="alle_tiltaksdeltakere") for state in STATES}


@pytest.mark.parametrize(("state", "month"), LADDER, ids=[state for state, _ in LADDER])
def test_the_first_criterion_met_decides(registers, state, month):
    person = starter(registers)
    registers.state(person, LATER, LATER, **month)
    assert states(registers.moments()) == {name: 100 * (name == state) for name in STATES}


@pytest.mark.parametrize(
    ("others", "state"),
    [
        ({"on_measure": True, "disability_degree": 50}, "tilstand_utdanning"),
        ({"in_work": True}, "tilstand_arbeid_lav"),
    ],
)
def test_education_goes_before_measures_and_after_work(registers, others, state):
    person = starter(registers)
    registers.enrol(person, LATER, LATER)
    registers.state(person, LATER, LATER, **others)
    assert states(registers.moments())[state] == 100


def test_without_a_table_of_enrolment_nobody_is_in_education(registers):
    starter(registers)
    assert states(registers.moments(without=("enrolment",)))["tilstand_utdanning"] == 0


def test_states_exhaust_the_starters_in_every_month(registers):
    person = starter(registers)
    registers.state(person, "2017-03", "2017-09", in_work=True, high_income=True, nav_group="standard")
    moments = registers.moments()
    assert all(sum(states(moments, f"m{month}").values()) == 100 for month in MONTHS)


def test_ranges_are_means_over_their_months(registers):
    person = starter(registers)
    registers.enrol(person, "2017-02", "2017-03")
    moments = registers.moments()
    value = moments.value("figur-5-2", "tilstand_utdanning", "m0_4", panel="amo")
    assert value == pytest.approx(100 * 2 / 5)


def test_a_first_start_after_october_2019_has_no_states(registers):
    registers.measure(registers.person("p1"), "amo", "2019-11", "2019-12")
    assert registers.moments().value("tabell-b-2", "amo", "n", "persons") == 0
