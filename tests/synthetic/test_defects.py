"""Planted defects: each on made-up persons, the ledger both ways, and independence of shards and their order."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from pydantic import ValidationError

from tiltakseffekt.core import codebook
from tiltakseffekt.core.codebook import MEASURE_CODES, OFFICE_CHANGES, successors
from tiltakseffekt.core.tables import table_faults
from tiltakseffekt.stages.registers.contract import load_contract
from tiltakseffekt.synthetic import schemas
from tiltakseffekt.synthetic.defects.ledger import Plan, row_keys, shifted
from tiltakseffekt.synthetic.defects.numbers import reform, reform_places
from tiltakseffekt.synthetic.defects.plant import plant_defects
from tiltakseffekt.synthetic.defects.settings import DEFECTS, DefectSettings
from tiltakseffekt.synthetic.settings import SyntheticRegisterSettings

CONFIG = Path(__file__).resolve().parents[2] / "config"
CONTRACT = load_contract(CONFIG / "registers.yaml")
BOOKS = codebook.read_codebooks((CONFIG / "codebook").glob("*.csv"))
SEED = 5
OFTEN = DefectSettings(planted="all", **dict.fromkeys(DEFECTS, 0.2) | {"duplicate_parts": 0.5})


@pytest.fixture
def shards(simulated):
    return simulated.shards


def plant(tables, settings, shard=0):
    return plant_defects(tables, CONTRACT, BOOKS, settings, SEED, shard)


def always(*defects):
    return DefectSettings(planted=defects, **dict.fromkeys(defects, 1.0))


def table(name, **columns):
    """Return a made-up table whose other columns are filled with something sound."""
    count = len(next(iter(columns.values())))
    rest = {
        "person": {"birth_month": 198504, "death_month": None, "emigration_month": None},
        "tiltak": {"measure_code": "ARBTREN", "main_measure": True},
        "employment": {"employer_id": "E", "wage": 1000.0},
        "income": {"pensionable_income": 1.0},
        "residence": {"family_type": "1", "children": 0},
        "nav_status": {"jobseeker_status": "helt_ledig"},
    }[name]
    types = {"month": pa.int32(), "year": pa.int32()}
    filled = {key: [value] * count for key, value in rest.items() if key not in columns} | columns
    ordered = {key: filled[key] for key in CONTRACT.tables[name].columns if key in filled}
    return pa.table(
        {
            key: pa.array(values, types["month"] if key.endswith("month") else types.get(key))
            for key, values in ordered.items()
        }
    )


def undone(tables, ledger):
    """Take back what the ledger lists, last defect first."""
    contents = {name: rows.to_pydict() for name, rows in tables.items()}
    keys = {name: row_keys(rows, CONTRACT.tables[name].key).to_pylist() for name, rows in tables.items()}
    gone = {name: set() for name in tables}
    for defect in reversed(DEFECTS):
        for name, listed in ledger[ledger["defect"] == defect].groupby("table"):
            places = {}
            for place, key in enumerate(keys[name]):
                if place not in gone[name]:
                    places.setdefault(key, []).append(place)
            for row in listed.itertuples(index=False):
                take_back(row, contents[name], places[row.key], gone[name], tables[name].schema)
            changed = pa.table(contents[name], schema=tables[name].schema)
            keys[name] = row_keys(changed, CONTRACT.tables[name].key).to_pylist()
    restored = {}
    for name, rows in tables.items():
        whole = pa.table(contents[name], schema=rows.schema)
        sound = whole.filter(pa.array([place not in gone[name] for place in range(rows.num_rows)], pa.bool_()))
        restored[name] = sound.sort_by([(key, "ascending") for key in CONTRACT.tables[name].key])
    return restored


def take_back(row, content, where, gone, schema):
    """Take back one row of the ledger in the rows with its key, of which copies stand last."""
    if row.column:
        values, type_ = content[row.column], schema.field(row.column).type
        texts = pa.array([values[place] for place in where], type_).cast(pa.string()).to_pylist()
        delivered = None if pd.isna(row.delivered) else row.delivered
        where = [place for place, text in zip(where, texts, strict=True) if text == delivered]
    place = [place for place in where if place not in gone][-1]
    if row.change == "added":
        gone.add(place)
    else:
        values[place] = pa.array([None if pd.isna(row.original) else row.original]).cast(type_)[0].as_py()


def test_nothing_is_planted_by_default(shards):
    damaged, ledger = plant(shards[0], SyntheticRegisterSettings().defects)
    assert dict(damaged) == shards[0]
    assert ledger.empty
    assert table_faults(ledger, schemas.DEFECT_LEDGER) == []


def test_every_defect_is_planted_and_its_rows_stand_in_the_damaged_tables(shards):
    damaged, ledger = plant(shards[0], OFTEN)
    # So few persons have none who leaves while on a measure.
    assert set(ledger["defect"]) | {"measures_after_exit"} == set(DEFECTS)
    assert table_faults(ledger, schemas.DEFECT_LEDGER) == []
    for name, listed in ledger.groupby("table"):
        keys = set(row_keys(damaged[name], CONTRACT.tables[name].key).to_pylist())
        assert set(listed["key"]) <= keys, name
        assert damaged[name].schema == shards[0][name].schema, name


@pytest.mark.parametrize("shard", [0, 1])
def test_damaged_tables_without_the_ledger_are_the_original_ones(shards, shard):
    damaged, ledger = plant(shards[shard], OFTEN, shard)
    after = reform(shards[shard], Plan(SEED, shard, OFTEN, CONTRACT, BOOKS))
    restored = undone(damaged, ledger)
    for name, rows in after.items():
        assert restored[name].num_rows == rows.num_rows, name
        assert restored[name].combine_chunks().equals(rows.combine_chunks()), name


def test_the_order_of_shards_makes_no_difference(shards):
    forwards = [plant(shards[shard], OFTEN, shard) for shard in (0, 1)]
    backwards = [plant(shards[shard], OFTEN, shard) for shard in (1, 0)][::-1]
    for (tables, ledger), (again, same) in zip(forwards, backwards, strict=True):
        assert dict(tables) == dict(again)
        assert ledger.equals(same)


def test_what_happens_to_a_person_does_not_depend_on_the_others(shards):
    alone = tuple(defect for defect in DEFECTS if defect not in ("duplicate_parts", "conflicting_rows"))
    settings = OFTEN.model_copy(update={"planted": alone})
    whole = {
        name: pa.concat_tables([tables[name] for tables in shards]).sort_by(
            [(key, "ascending") for key in CONTRACT.tables[name].key]
        )
        for name in shards[0]
    }
    together, ledger = plant(whole, settings)
    apart = [plant(tables, settings, shard) for shard, tables in enumerate(shards)]
    for name, rows in together.items():
        parts = pa.concat_tables([tables[name] for tables, _ in apart])
        order = [(key, "ascending") for key in CONTRACT.tables[name].key]
        assert rows.sort_by(order).equals(parts.sort_by(order)), name
    columns = list(ledger.columns)
    listed = pd.concat([one for _, one in apart]).sort_values(columns, ignore_index=True)
    assert ledger.sort_values(columns, ignore_index=True).equals(listed)


def test_a_birth_moves_by_a_century():
    damaged, ledger = plant({"person": table("person", person_id=[f"{n}" for n in range(40)])}, always("wrong_century"))
    assert set(damaged["person"].column("birth_month").to_pylist()) == {188504, 208504}
    assert set(ledger["original"]) == {"198504"}


def test_old_numbers_stay_in_rows_after_the_reform():
    homes = table("residence", person_id=["a"] * 4, year=[2019, 2020, 2021, 2022], municipality=["7097"] * 4)
    offices = table("nav_status", person_id=["a"] * 2, month=[201912, 202001], nav_office=["0289"] * 2)
    tables = {"residence": homes, "nav_status": offices}
    some = DefectSettings(
        planted=("old_municipality_numbers", "old_office_numbers"), old_municipality_numbers=0.4, old_office_numbers=1.0
    )
    damaged, ledger = plant(tables, some)
    numbers = damaged["residence"].column("municipality").to_pylist()
    assert numbers[0] == "7097"
    assert set(numbers[1:]) <= {"7201", "7098"}
    assert ledger[ledger["table"] == "residence"]["key"].tolist() == [
        f"a|{2019 + place}" for place, number in enumerate(numbers) if number == "7098"
    ]
    assert damaged["nav_status"].column("nav_office").to_pylist() == ["0289", "0289"]
    assert ledger[ledger["table"] == "nav_status"]["key"].tolist() == ["a|202001"]


def test_municipalities_merge_only_when_old_numbers_are_planted(simulated):
    before = simulated.places["municipality"].to_pandas()
    assert reform_places(simulated.places, BOOKS, DefectSettings())["municipality"].to_pandas().equals(before)
    merged = reform_places(simulated.places, BOOKS, always("old_municipality_numbers"))["municipality"].to_pandas()
    assert set(merged.loc[merged["month"] < 202001, "municipality"]) == set(before["municipality"])
    after = merged[merged["month"] >= 202001]
    assert not set(after["municipality"]) & {"7097", "7098"}
    pair = before[before["municipality"].isin(["7097", "7098"]) & (before["month"] == 202001)]
    one = after[(after["municipality"] == "7201") & (after["month"] == 202001)]
    assert one["unemployment"].item() == pytest.approx(pair["unemployment"].mean())


def test_new_numbers_of_offices_stand_beside_the_old_in_the_same_county_unit(simulated):
    before = simulated.places["nav_office"].to_pandas()
    assert reform_places(simulated.places, BOOKS, DefectSettings())["nav_office"].to_pandas().equals(before)
    after = reform_places(simulated.places, BOOKS, always("old_office_numbers"))["nav_office"].to_pandas()
    assert after["nav_office"].is_monotonic_increasing
    unit = after.set_index("nav_office")["county_unit"]
    assert unit.index.is_unique
    new = set(after["nav_office"]) - set(before["nav_office"])
    assert new == {one for _, one, _ in successors(BOOKS, OFFICE_CHANGES)}
    assert unit["1289"] == unit["0289"]


def spells(count, start, stop, **columns):
    ids = [f"{number:03d}" for number in range(count)]
    return table("tiltak", person_id=ids, start_month=[start] * count, stop_month=[stop] * count, **columns)


def test_measures_go_on_or_begin_after_the_exit():
    persons = table("person", person_id=[f"{n:03d}" for n in range(40)], death_month=[201811] * 40)
    damaged, ledger = plant({"person": persons, "tiltak": spells(40, 201801, 201803)}, always("measures_after_exit"))
    after = damaged["tiltak"].filter(pc.greater(damaged["tiltak"].column("stop_month"), 201811)).to_pandas()
    assert set(ledger["change"]) == {"added", "changed"}
    assert len(after) == len(ledger) == 40
    assert set(after["stop_month"]) <= {201812, 201901, 201902, 201903, 201904, 201905}
    assert set(after.loc[after["start_month"] > 201811, "person_id"]) == set(
        ledger.loc[ledger["change"] == "added", "key"].str[:3]
    )


def test_an_expired_code_is_of_the_same_group():
    persons = table("person", person_id=[f"{n:03d}" for n in range(40)])
    damaged, ledger = plant({"person": persons, "tiltak": spells(40, 201901, 201903)}, always("expired_codes"))
    # Arbeidstrening has no code that ran out before 2019; Avklaring has three.
    assert ledger.empty
    tables = {"person": persons, "tiltak": spells(40, 201901, 201903, measure_code=["AVKLARAG"] * 40)}
    damaged, ledger = plant(tables, always("expired_codes"))
    codes = set(damaged["tiltak"].column("measure_code").to_pylist())
    book = BOOKS[MEASURE_CODES].set_index("code")
    assert codes == {"AVKLARSP", "AVKLARSV"}
    assert all(int(book.loc[code, "stop"]) < 201901 for code in codes)
    assert set(ledger["original"]) == {"AVKLARAG"}


def test_a_hole_of_a_month_divides_a_spell():
    tables = {"person": table("person", person_id=["000"]), "tiltak": spells(1, 201801, 201803)}
    damaged, ledger = plant(tables, always("gapped_spells"))
    rows = damaged["tiltak"].select(["start_month", "stop_month"]).to_pylist()
    assert [tuple(row.values()) for row in rows] == [(201801, 201801), (201803, 201803)]
    assert ledger["key"].tolist() == ["000|ARBTREN|201801", "000|ARBTREN|201803"]
    short = {**tables, "tiltak": spells(1, 201801, 201802)}
    assert plant(short, always("gapped_spells"))[1].empty


def test_the_later_part_of_a_spell_overlaps_it():
    tables = {"person": table("person", person_id=["000"]), "tiltak": spells(1, 201801, 201802)}
    damaged, ledger = plant(tables, always("overlapping_spells"))
    rows = damaged["tiltak"].select(["start_month", "stop_month"]).to_pylist()
    assert [tuple(row.values()) for row in rows] == [(201801, 201802), (201802, 201802)]
    assert ledger["key"].tolist() == ["000|ARBTREN|201802"]


def test_ended_jobs_go_on_but_not_into_the_next_nor_beyond_the_register():
    ids = [f"{number:03d}" for number in range(30)]
    months = [month for _ in ids for month in (201801, 201804, 201806)]
    jobs = table("employment", person_id=[person for person in ids for _ in range(3)], month=months)
    damaged, ledger = plant({"employment": jobs}, always("late_deregistration"))
    more = damaged["employment"].to_pandas()
    assert not more.duplicated(["person_id", "month", "employer_id"]).any()
    assert set(more["month"]) == {201801, 201802, 201803, 201804, 201805, 201806}
    assert set(ledger["key"].str[4:10]) == {"201802", "201803", "201805"}
    assert set(more.loc[more["month"] == 201805, "wage"]) == {0.0, 1000.0}


def test_income_and_jobs_contradict_each_other():
    jobs = table("employment", person_id=["a"] * 2, month=[201801, 201802])
    incomes = table("income", person_id=["a"] * 3, year=[2009, 2018, 2019], work_income=[0.0, 2000.0, 0.0])
    damaged, ledger = plant({"employment": jobs, "income": incomes}, always("income_without_job", "job_without_income"))
    values = damaged["income"].column("work_income").to_pylist()
    assert values[:2] == [0.0, 0.0]
    assert values[2] >= 20_000
    assert ledger.set_index("defect")["key"].to_dict() == {
        "income_without_job": "a|2019",
        "job_without_income": "a|2018",
    }


def test_sentinels_of_months_stand_for_missing_ones():
    persons = table("person", person_id=["a", "b"], death_month=[None, 201801])
    damaged, ledger = plant({"person": persons}, always("sentinel_codes"))
    deaths = damaged["person"].column("death_month").to_pylist()
    assert deaths[0] in (999912, 0)
    assert deaths[1] == 201801
    assert ledger["original"].isna().all()


def test_copies_are_equal_and_contradictions_differ_in_one_column():
    incomes = table("income", person_id=["a", "b"], year=[2018, 2018], work_income=[5.0, 6.0])
    damaged, ledger = plant({"income": incomes}, always("duplicate_rows"))
    assert damaged["income"].num_rows == 4
    assert damaged["income"].to_pandas().duplicated().sum() == 2
    damaged, ledger = plant({"income": incomes}, always("conflicting_rows"))
    rows = damaged["income"].to_pandas()
    assert not rows.duplicated().any()
    assert rows.duplicated(["person_id", "year", "work_income"]).sum() == 2
    assert set(ledger["column"]) == {"pensionable_income"}


def test_a_part_delivered_twice_has_each_row_twice():
    incomes = table("income", person_id=["a", "b"], year=[2018, 2018], work_income=[5.0, 6.0])
    damaged, ledger = plant({"income": incomes}, always("duplicate_parts"))
    assert damaged["income"].to_pandas().duplicated().sum() == len(ledger) == 2


def test_months_shift_over_the_year():
    assert shifted(pa.array([201811, 201812]).to_numpy(), 2).tolist() == [201901, 201902]


def test_some_defects_by_name_and_no_defects_in_files():
    some = DefectSettings(planted=("expired_codes",))
    assert some.rate("expired_codes") > 0
    assert some.rate("gapped_spells") == 0
    assert list(some.rates) == ["expired_codes"]
    assert list(DefectSettings(planted="all").rates) == list(DEFECTS)
    assert DefectSettings().rates == {}
    with pytest.raises(ValidationError):
        DefectSettings(planted=("no_defect",))
    with pytest.raises(ValidationError, match="synthetic registers only"):
        SyntheticRegisterSettings(provider="files", path="x", defects=some)
