"""The subsidy is the rate of the cost under its cap, for months with a job at that employer."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from tiltakseffekt.synthetic.keyed import array
from tiltakseffekt.synthetic.permanent.course import ORDINARY, PREDECESSOR, SHELTERED
from tiltakseffekt.synthetic.permanent.grants import begun, months_of, rate_in, subsidy_in
from tiltakseffekt.synthetic.permanent.inputs import MONTHS, Grants
from tiltakseffekt.synthetic.permanent.overlay import codes
from tiltakseffekt.synthetic.permanent.places import draw_providers, provider_of, units_of
from tiltakseffekt.synthetic.permanent.tables import (
    coded_tiltak,
    diagnosis_table,
    instead,
    nav_office_table,
    subsidised_jobs,
    vta_place_table,
    vta_provider_table,
    wage_subsidy_table,
)

IDS = [f"{number:07d}" for number in range(4_000)]


def employers(person, job):
    return pa.array([f"{one}-{month}" for one, month in zip(person, job, strict=True)])


@pytest.fixture(scope="module")
def subsidies(laid, parameters, g):
    return wage_subsidy_table(laid.grants, employers, g, parameters.subsidy, IDS).to_pandas()


def months_since_2000(column):
    return (column // 100 - 2000) * 12 + column % 100 - 1


def one_grant(**changed):
    values = {
        "person": [0],
        "start": [200],
        "stop": [230],
        "permanent": [True],
        "job": [200],
        "industry": [0],
        "division": [0],
        "sector": [0],
        "hours": [37.5],
        "cost": [50_000.0],
        "rate": [75.0],
        "changed": [10_000],
        "rate_after": [65.0],
    } | changed
    return Grants(**{name: np.array(value) for name, value in values.items()})


@pytest.mark.parametrize(
    ("grant", "when", "expected"),
    [
        (one_grant(), 200, 75),
        (one_grant(), 211, 75),
        (one_grant(), 212, 67),
        (one_grant(rate=[60.0]), 229, 60),
        (one_grant(changed=[205]), 205, 65),
        (one_grant(changed=[205]), 204, 75),
    ],
)
def test_the_rate_falls_after_a_year(parameters, grant, when, expected):
    zero = np.array([0])
    assert rate_in(zero, np.array([when]), begun(grant), grant, parameters.subsidy).tolist() == [expected]


@pytest.mark.parametrize(
    ("cost", "rate", "hours", "expected"),
    [(40_000, 50, 37.5, 20_000), (80_000, 75, 37.5, 50_000), (80_000, 75, 40.0, 50_000), (60_000, 75, 18.75, 25_000)],
)
def test_the_subsidy_has_a_cap_that_goes_with_the_position(parameters, cost, rate, hours, expected):
    g = np.full(MONTHS, 120_000.0)
    grant = one_grant(hours=[hours])
    found = subsidy_in(np.array([0]), np.array([210]), np.array([cost]), np.array([rate]), grant, g, parameters.subsidy)
    assert found.tolist() == [expected]


def test_a_transfer_goes_on_with_the_same_case():
    two = Grants(*(np.repeat(values, 2) for values in one_grant()))._replace(
        start=np.array([180, 200]), stop=np.array([199, 230]), permanent=np.array([False, True])
    )
    assert begun(two).tolist() == [180, 180]
    assert begun(two._replace(start=np.array([180, 201]))).tolist() == [180, 201]


def test_subsidy_is_rate_times_cost_under_the_cap(subsidies, parameters, g):
    known = subsidies.dropna()
    assert len(known) > 100
    g = g[months_since_2000(known["month"])]
    cap = parameters.subsidy.cap * g / 12 * np.minimum(known["agreed_hours"] / 37.5, 1)
    wanted = np.minimum(known["wage_cost"] * known["subsidy_rate"] / 100, cap)
    assert (np.abs(known["subsidy"] - np.floor(wanted)) <= 1).all()
    assert (known["subsidy"] <= known["wage_cost"]).all()
    assert known["subsidy_rate"].between(10, 75).all()
    np.testing.assert_allclose(known["wage_cost"] / known["wage"], parameters.subsidy.cost_factor, rtol=1e-3)


def test_every_month_with_a_subsidy_has_a_job_at_that_employer(subsidies, laid):
    person = subsidies["person_id"].astype(int).to_numpy()
    when = months_since_2000(subsidies["month"]).to_numpy()
    assert (laid.lives.work[person, when] == 2).all()
    assert (subsidies["employer_id"] == employers(person, laid.lives.job[person, when]).to_pandas()).all()
    known = subsidies["wage"].notna().to_numpy()
    assert (laid.lives.wage[person, when][known] == subsidies["wage"][known]).all()


def test_subsidies_are_the_states_and_rates_are_told_from_2023(subsidies, laid):
    assert len(subsidies) == (laid.states[:, 16 * 12 :] >= PREDECESSOR).sum()
    assert subsidies["month"].min() >= 201601
    assert (subsidies["subsidy_rate"].isna() == (subsidies["month"] < 202302)).all()
    assert not subsidies.duplicated(["person_id", "month"]).any()
    assert subsidies.equals(subsidies.sort_values(["person_id", "month"], ignore_index=True))


def test_subsidised_jobs_of_person_months(laid, parameters):
    jobs = subsidised_jobs(laid.grants, len(laid.states), parameters.subsidy)
    grant, when = months_of(laid.grants.start, laid.grants.stop)
    np.testing.assert_array_equal(jobs.grant(laid.grants.person[grant], when), grant)
    person, outside = np.nonzero(laid.states < PREDECESSOR)
    assert (jobs.grant(person, outside) == -1).all()
    assert jobs.position.max() == 100
    assert set(jobs.sector) <= {"private", "municipal", "state"}


def test_values_of_grants_stand_instead():
    index, known = instead(np.array([0, 1, 1]), ["a", "b"], np.array([-1, 1, 0]), ["a", "c"])
    assert [known[place] for place in index] == ["a", "c", "a"]
    assert instead(np.array([1]), ["a", "b"], np.array([-1]), [])[0].tolist() == [1]


def test_places_in_vta(core, laid, parameters):
    providers = draw_providers(11, parameters.units)
    table = vta_place_table(11, core[0], laid.states, employers, providers, parameters, IDS).to_pandas()
    assert not table.duplicated(["person_id", "start_month"]).any()
    running = table["stop_month"].isna()
    assert running.any() and (table["interrupted"].isna() == running).all()
    assert 0.05 < table["interrupted"].dropna().astype(bool).mean() < 0.6
    sheltered = table["arrangement"] == "skjermet"
    assert table["provider_id"].str.startswith("T").equals(sheltered)
    units = vta_provider_table(providers, [str(unit) for unit in range(12)]).to_pandas().set_index("provider_id")
    theirs = table.loc[sheltered]
    own = core[0].unit[theirs["person_id"].astype(int)]
    assert (units.loc[theirs["provider_id"], "county_unit"].astype(int).to_numpy() == own).all()
    assert set(np.unique(laid.states)) >= {SHELTERED, ORDINARY}


def test_providers_have_the_published_quartiles(parameters):
    places = draw_providers(3, parameters.units).places
    assert len(places) == 239
    assert np.quantile(places, [0, 0.25, 0.5, 0.75, 1]).tolist() == [4, 17, 27, 40.5, 138]
    assert places.mean() == pytest.approx(34.76, abs=0.3)


def test_a_provider_is_drawn_by_its_places_in_the_unit(parameters):
    providers = draw_providers(3, parameters.units)
    unit = np.repeat(np.arange(12), 500)
    drawn = provider_of(np.tile(np.linspace(0, 0.999, 500), 12), unit, providers)
    assert (providers.unit[drawn] == unit).all()
    assert len(np.unique(drawn)) > 220


def test_units_get_their_shares_and_all_municipalities(parameters):
    sizes = 1 / np.arange(1, 121) ** 0.8
    unit = units_of(sizes, parameters.units)
    share = np.bincount(unit, sizes) / sizes.sum()
    wanted = array(parameters.units.population) / sum(parameters.units.population.values())
    assert np.abs(share - wanted).max() < 0.02
    table = nav_office_table(["0200", "0100"], np.array([3, 5]), list("abcdefghijkl")).to_pandas()
    assert table.to_numpy().tolist() == [["0100", "f"], ["0200", "d"]]


def test_a_person_has_one_diagnosis_and_a_row_for_each_benefit(core, laid, parameters):
    table = diagnosis_table(11, core[0], laid.lives, laid.states, parameters, IDS).to_pandas()
    assert not table.duplicated(["person_id", "basis"]).any()
    assert (table.groupby("person_id")["diagnosis"].nunique() == 1).all()
    person = table["person_id"].astype(int).to_numpy()
    when = months_since_2000(table["month"]).to_numpy()
    disabled = (table["basis"] == "uforetrygd").to_numpy()
    assert (laid.lives.degree[person[disabled], when[disabled]] > 0).all()
    assert (laid.lives.benefit[person[~disabled], when[~disabled]] == 1).all()


def test_rows_of_tiltak(laid, parameters):
    table = coded_tiltak(laid.coded, codes(parameters), IDS).to_pandas()
    assert not table.duplicated(["person_id", "measure_code", "start_month"]).any()
    assert {"VASV", "VATIAROR", "TIDSUBLONN", "VARLONTIL", "MENTOR"} <= set(table["measure_code"])
    last = table.loc[table["measure_code"] == "TIDSUBLONN", "stop_month"]
    assert pd.isna(last).sum() == 0 and last.max() <= 201912
    assert table["stop_month"].isna().any()
