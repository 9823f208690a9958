"""The tables keep the contract, and laws that hold for any person in any register."""

import re

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from tests.arms import ARMS

from tiltakseffekt.core import codebook, keys
from tiltakseffekt.core.keys import NAV_GROUPS
from tiltakseffekt.core.months import parse_month
from tiltakseffekt.stages.clean.settings import CleanSettings
from tiltakseffekt.stages.clean.tables import Destination, Finished, Resources, Source, clean_table
from tiltakseffekt.stages.cohorts.entries import PANEL_COLUMNS, TILTAK_COLUMNS, EntryShard, build_entries
from tiltakseffekt.stages.cohorts.settings import CohortSettings
from tiltakseffekt.stages.panel.months import SOURCES, build_panel, calendar
from tiltakseffekt.stages.panel.settings import PanelSettings
from tiltakseffekt.stages.registers.contract import load_contract
from tiltakseffekt.stages.registers.settings import CsvFormat
from tiltakseffekt.synthetic import rulebook
from tiltakseffekt.synthetic.parameters import (
    DELIVERY_BEGINS,
    MONTHS,
    POPULATION,
    REGISTERS_BEGIN,
    STATISTICS_END,
)
from tiltakseffekt.synthetic.permanent.overlay import codes as permanent_codes
from tiltakseffekt.synthetic.rulebook import TRIES
from tiltakseffekt.synthetic.simulate import simulate_shard
from tiltakseffekt.synthetic.tables import measure_months, one_at_a_time, registered_lately, strings, year_month

MONTHLY = ("employment", "nav_status", "benefits", "disability", "enrolment")
FAR = 10_000


@pytest.fixture(scope="module")
def contract(config):
    return yaml.safe_load((config / "registers.yaml").read_text(encoding="utf-8"))["tables"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory, world):
    place = tmp_path_factory.mktemp("registers")
    for name, table in world.arrow.items():
        pq.write_table(table, place / f"{name}.parquet")
    return place


@pytest.fixture(scope="module")
def cleaned(folder, config, tmp_path_factory):
    """The tables as the stage clean leaves them."""
    work = tmp_path_factory.mktemp("clean")
    rules = load_contract(config / "registers.yaml")
    books = codebook.read_codebooks((config / "codebook").glob("*.csv"))
    resources = Resources(CleanSettings().duckdb_memory, 1, work / "work")
    for name in sorted({"person", *SOURCES}, key=lambda name: name != "person"):
        persons = [] if name == "person" else [work / "person.parquet"]
        source = Source((folder / f"{name}.parquet",), CsvFormat())
        counts = clean_table(
            name,
            source,
            rules,
            books,
            Destination([work / f"{name}.parquet"], work / "out.parquet"),
            resources,
            Finished(persons),
        )
        assert counts.received == counts.kept, name
    return work


@pytest.fixture(scope="module")
def panel(cleaned, config):
    """The person-months that the stage panel makes of the clean tables."""
    books = codebook.read_codebooks((config / "codebook").glob("*.csv"))
    resources = Resources(CleanSettings().duckdb_memory, 1, cleaned / "work")
    settings = PanelSettings()
    months = calendar(settings, codebook.consumer_prices(books), codebook.base_amounts(books))
    table = build_panel({name: cleaned / f"{name}.parquet" for name in SOURCES}, months, settings, resources)
    return table.to_pandas()


def codes_of(config, named):
    file, column = named.split(":")
    values = pd.read_csv(config / "codebook" / file, dtype=str)[column].dropna()
    return {code for value in values for code in value.split("|")}


def test_all_tables_that_are_not_optional_are_there(world, contract):
    required = {name for name, table in contract.items() if not table.get("optional")}
    assert required - {"municipality"} <= set(world.tables) <= set(contract)


def test_columns_types_keys_and_bounds_obey_the_contract(world, contract, config):
    arrow = {"id": "string", "code": "string", "yearmonth": "int32", "year": "int32", "integer": "int32"}
    arrow |= {"number": "double", "boolean": "bool"}
    for name, table in world.tables.items():
        described = contract[name]
        assert list(table) == list(described["columns"]), name
        assert not table.duplicated(described["key"]).any(), name
        for column, rule in described["columns"].items():
            written = str(world.arrow[name].schema.field(column).type)
            spelt = re.sub(r"dictionary<values=(\w+),.*", r"\1", written)
            assert spelt == arrow[rule["type"]], (name, column)
            assert rule.get("nullable") or table[column].notna().all(), (name, column)
            values = table[column].dropna()
            if rule["type"] == "yearmonth":
                assert (values % 100).between(1, 12).all(), (name, column)
            if "min" in rule:
                assert values.between(rule["min"], rule["max"]).all(), (name, column)
            allowed = set(rule["allowed"]) if "allowed" in rule else None
            allowed = codes_of(config, rule["codebook"]) if "codebook" in rule else allowed
            assert allowed is None or set(values.unique()) <= allowed, (name, column)
            if "pattern" in rule:
                assert all(re.fullmatch(rule["pattern"], value) for value in values.unique()), (name, column)


def test_tables_are_sorted_by_their_key_and_keep_the_rules_of_rows(world, contract, folder):
    facts = ", ".join(f"{column} AS person_{column}" for column in ("birth_month", "death_month", "emigration_month"))
    persons = f"(SELECT person_id, {facts} FROM '{folder / 'person.parquet'}')"
    for name, table in world.tables.items():
        key = contract[name]["key"]
        part = table[key].astype({column: "str" for column in key if table[column].dtype == "category"})
        assert part.equals(part.sort_values(key, ignore_index=True)), name
        for rule in contract[name].get("row_rules", {}).values():
            rows = f"'{folder / name}.parquet' JOIN {persons} USING (person_id)"
            broken = duckdb.sql(f"SELECT count(*) FROM {rows} WHERE NOT ({rule['holds']})")
            assert broken.fetchall() == [(0,)], (name, rule["sentence"])


@pytest.mark.parametrize("name", MONTHLY)
def test_each_table_begins_and_ends_when_the_contract_says(world, contract, name):
    months = world.tables[name]["month"]
    assert (months.min(), months.max()) == (contract[name]["first"], contract[name]["last"])


@pytest.mark.parametrize("name", MONTHLY)
def test_nothing_happens_after_death_or_emigration_nor_before_immigration(world, name, since_2000):
    table, persons = world.tables[name], world.lives.persons
    person = table["person_id"].astype(int).to_numpy()
    month = since_2000(table["month"]).to_numpy()
    assert (month <= np.minimum(persons.died, persons.emigrated)[person]).all()
    arrived = np.where(persons.immigrated == FAR, -FAR, persons.immigrated)[person]
    assert (month >= arrived).all()


def test_measures_and_years_lie_inside_lives(world, since_2000):
    persons = world.lives.persons
    spells = world.tables["tiltak"]
    gone = np.minimum(persons.died, persons.emigrated)
    ends = spells["stop_month"].dropna()
    assert (since_2000(ends.astype(int)) <= gone[spells.loc[ends.index, "person_id"].astype(int)]).all()
    running = spells.loc[spells["stop_month"].isna(), "person_id"].astype(int)
    assert (gone[running] == FAR).all()
    for name in ("income", "residence", "education"):
        table = world.tables[name]
        assert (table["year"] - 2000 <= gone[table["person_id"].astype(int)] // 12).all(), name
    assert (world.lives.months["wage"][np.arange(MONTHS) > gone[:, None]] == 0).all()


def test_persons_work_from_18_and_not_from_72_and_register_from_18_to_66(world):
    months, persons = world.lives.months, world.lives.persons
    working = (months["work"] == 2).nonzero()
    ages = working[1] // 12 - persons.birth[working[0]] // 12
    assert ages.min() >= 18 and ages.max() < 72
    group = months["group"]
    person, month = ((group[:, 1:] >= 0) & (group[:, :-1] < 0)).nonzero()
    ages = (month + 1) // 12 - persons.birth[person] // 12
    assert ages.min() >= 18 and ages.max() <= 66


def test_a_month_in_work_pays_a_twelfth_of_g_and_a_month_without_does_not(world, codebooks):
    months = world.lives.months
    least = np.broadcast_to(np.repeat(codebooks.g, 12) / 12, months["wage"].shape)
    working = months["work"] == 2
    assert (months["wage"][working] > least[working]).all()
    assert (months["wage"][~working] < least[~working]).all()
    assert ((months["wage"] > 0) == (months["work"] > 0)).all()


def test_employment_pays_the_wages_of_lives(world, grid):
    wages = world.lives.months["wage"].astype(float)
    window = slice(REGISTERS_BEGIN, STATISTICS_END)
    assert (grid("employment", "wage")[:, window] == wages[:, window]).all()


def test_a_job_begins_with_a_month_in_work_and_lasts_without_a_gap(world):
    months = world.core.months
    person, month = (months["work"] == 2).nonzero()
    job = months["job"][person, month].astype(int)
    assert (job <= month).all()
    worked = np.concatenate([np.zeros((len(months), 1), int), (months["work"] == 2).cumsum(axis=1)], axis=1)
    assert (worked[person, month + 1] - worked[person, job] == month + 1 - job).all()


def test_yearly_income_is_the_sum_of_wages_and_for_few_business_income_beside(world, parameters):
    wages = world.lives.months["wage"].astype(float).reshape(len(world.ids), -1, 12).sum(axis=2)
    income = world.tables["income"]
    beside = income["work_income"] - wages[income["person_id"].astype(int), income["year"] - 2000]
    with_business = income.loc[beside.abs() > 0, "person_id"]
    few = with_business.nunique() / len(world.ids)
    assert 0 < few <= parameters.tables.business + 4 * np.sqrt(parameters.tables.business / len(world.ids))
    assert beside.groupby(income["person_id"], observed=True).agg(lambda one: one[one != 0].nunique()).max() == 1
    paid = wages[:, DELIVERY_BEGINS // 12 : STATISTICS_END // 12].sum()
    assert income["work_income"].sum() - beside.sum() == pytest.approx(paid)
    assert (income["pensionable_income"] >= income["work_income"]).all()


def test_the_panel_finds_in_work_whom_the_simulation_put_in_work(world, panel):
    works = np.zeros((len(world.ids), MONTHS), dtype=bool)
    rows = panel.loc[panel["in_work"]]
    works[rows["person_id"].astype(int), rows["month"]] = True
    window = slice(REGISTERS_BEGIN, STATISTICS_END)
    assert (works == (world.lives.months["work"] == 2))[:, window].all()
    assert not works[:, :REGISTERS_BEGIN].any()


def test_the_panel_finds_groups_measures_and_benefits_of_lives(world, panel):
    from_panel = np.full((len(world.ids), MONTHS), -1)
    registered = panel.dropna(subset=["nav_group"])
    group = registered["nav_group"].map({name: place for place, name in enumerate(NAV_GROUPS)})
    from_panel[registered["person_id"].astype(int), registered["month"]] = group
    first, last = panel["month"].min(), panel["month"].max()
    window = slice(first, last + 1)
    assert (from_panel == world.lives.months["group"])[:, window].all()


def test_whoever_enters_the_effect_sample_was_planned_in_that_month_and_has_the_planned_arm(
    world, panel, cleaned, parameters
):
    person = pd.read_parquet(cleaned / "person.parquet", columns=["person_id", "birth_month"])
    tiltak = pd.read_parquet(cleaned / "tiltak.parquet", columns=list(TILTAK_COLUMNS))
    shard = EntryShard(panel[list(PANEL_COLUMNS)], person, tiltak)
    entries, _ = build_entries([shard], CohortSettings(smallest_group=1, oldest_age=70), ARMS, parse_month("2022-12"))
    assert len(entries) > 40
    facts = world.core.episodes.facts
    planned = {(row, month): (arm, start) for row, month, start, arm, *_ in facts[facts[:, 7] < TRIES].tolist()}
    dropped = {(row, month) for row, month in facts[facts[:, 7] == TRIES][:, :2].tolist()}
    for entry in entries.itertuples():
        registration = (int(entry.person_id), entry.registration_month)
        assert registration in planned or registration in dropped
        arm, start = planned.get(registration, (-1, 0))
        if arm < 0:
            assert entry.arm == keys.CONTROL
        else:
            started = parameters.measures.started[arm]
            expected = started if started in parameters.treated else keys.OTHER_MEASURES
            assert (entry.arm, entry.start_offset) == (expected, start - entry.registration_month)


def test_everyone_delivered_was_registered_in_one_of_the_years(world):
    first, last = POPULATION
    assert (world.core.months["group"][:, first:last] >= 0).any(axis=1).all()


def runs(spells, rows, count):
    """Return how many of the spells run, person by month."""
    edges = np.zeros((count, MONTHS + 1), dtype=int)
    np.add.at(edges, (spells.person[rows], spells.start[rows]), 1)
    np.add.at(edges, (spells.person[rows], np.minimum(spells.stop[rows] + 1, MONTHS)), -1)
    return edges.cumsum(axis=1)[:, :MONTHS]


def test_persons_stay_registered_while_on_their_main_measure(world):
    for lives in (world.core, world.lives):
        on_measure = runs(lives.spells, lives.spells.main, len(world.ids)) > 0
        assert on_measure.any() and (lives.months["group"][on_measure] >= 0).all()


def test_main_measures_follow_each_other_and_others_begin_beside_them(world):
    spells = world.core.spells
    assert (spells.stop >= spells.start).all()
    main = runs(spells, spells.main, len(world.ids))
    assert main.max() == 1
    others = ~spells.main
    assert others.any() and (main[spells.person[others], spells.start[others]] == 1).all()


def test_measure_codes_belong_to_the_measure_and_run_in_the_month_of_the_start(world, codebooks, parameters):
    spells = world.tables["tiltak"]
    used = {code for codes in parameters.measures.codes.values() for code in codes}
    used |= set(permanent_codes(parameters.permanent))
    assert set(spells["measure_code"]) <= used
    months = spells["measure_code"].astype("str").map(codebooks.code_months)
    first, last = months.str[0].astype(int), months.str[1].astype(int)
    # Tabell A-1 shows 2010 to 2022: what begins or ends there may have run before or after.
    assert ((spells["start_month"] >= first) | (first <= 201001)).all()
    assert ((spells["start_month"] <= last) | (last >= 202212)).all()


def test_a_spell_ends_before_the_next_of_its_code_begins(world):
    spells = pa.table(
        {
            "person_id": ["a", "a", "a", "a", "b"],
            "measure_code": ["AMO", "AMO", "ARBTREN", "ARBTREN", "ARBTREN"],
            "start_month": pa.array([201801, 201803, 201712, 201801, 201801], pa.int32()),
            "stop_month": pa.array([201804, 201805, None, None, 201802], pa.int32()),
            "main_measure": [False, True, False, True, True],
        }
    )
    cut = one_at_a_time(spells)
    assert cut["stop_month"].to_pylist() == [201802, 201805, 201712, None, 201802]
    assert cut.drop_columns("stop_month").equals(spells.drop_columns("stop_month"))
    assert cut.schema == spells.schema
    assert one_at_a_time(cut).equals(cut)
    assert one_at_a_time(world.arrow["tiltak"]).equals(world.arrow["tiltak"])


def test_one_main_benefit_in_a_month_and_none_with_full_disability(world, grid):
    benefits = world.tables["benefits"]
    main = grid("benefits", rows=benefits["benefit"] != "sosialhjelp")
    assert main.max() == 1
    degree = grid("disability", "degree")
    assert degree.max() == 100 and set(np.unique(world.core.months["degree"])) == {0, 50, 100}
    assert (main[degree == 100] == 0).all()
    social = grid("benefits", rows=benefits["benefit"] == "sosialhjelp")
    assert social.max() == 1
    assert (social[degree > 0] == 0).all()


def test_benefits_follow_the_register_the_job_and_the_measure(world, grid):
    months, benefits = world.lives.months, world.tables["benefits"]

    def receives(name):
        return grid("benefits", rows=benefits["benefit"] == name) > 0

    registered, works = months["group"] >= 0, months["work"] == 2
    on_measure = measure_months(world.lives.spells, len(world.ids))
    assert not receives("dagpenger")[works].any()
    assert on_measure[receives("tiltakspenger")].all()
    for name in ("aap", "dagpenger", "tiltakspenger", "kvalifiseringsstonad", "sosialhjelp"):
        assert registered[receives(name)].all(), name
    # Sickness benefit may come before the first registration, and only there, without being registered.
    outside = receives("sykepenger") & ~registered
    assert (outside.nonzero()[1] < world.lives.persons.entry[outside.nonzero()[0]]).all()


def test_disability_is_for_good_until_67(world):
    persons = world.lives.persons
    with_degree = world.lives.months["degree"] > 0
    lowered = np.diff(world.core.months["degree"].astype(int), axis=1) < 0
    for falls in (lowered, with_degree[:, :-1] > with_degree[:, 1:]):
        person, month = falls.nonzero()
        age = (month + 1) // 12 - persons.birth[person] // 12
        gone = month + 1 > np.minimum(persons.died, persons.emigrated)[person]
        assert ((age >= 67) | gone).all()


def test_strings_and_months_are_written_as_the_contract_says():
    assert year_month(np.array([0, 11, 12, 287])).tolist() == [200001, 200012, 200101, 202312]
    assert strings(np.array([1, -1, 0]), ["a", "b"]).to_pylist() == ["b", None, "a"]


def test_measures_are_numbered_by_the_groups_that_have_codes(parameters):
    assert {name for name, codes in parameters.measures.codes.items() if codes} <= set(parameters.measures.groups)
    assert rulebook.STANDARD == 0 and rulebook.OTHER == 5


def test_no_two_seeds_share_their_persons(world, parameters, codebooks):
    other = (
        simulate_shard(12, 0, 100 / parameters.fitted.persons, 1, parameters, codebooks).tables["person"].to_pandas()
    )
    assert not other.equals(world.tables["person"].iloc[:100])


def test_who_had_another_group_lately() -> None:
    """Standard in month 2 alone, then sick-listed: seen for 24 months, and the month itself does not count."""
    groups = np.full((2, 30), NAV_GROUPS.index("sykmeldt"))
    groups[:, :2] = -1
    groups[0, 2] = NAV_GROUPS.index("standard")
    lately = registered_lately(groups)
    assert np.flatnonzero(lately[0]).tolist() == list(range(3, 27))
    assert not lately[1].any()
