import pandas as pd
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.arms import ARMS

from tiltakseffekt.core.codebook import measure_groups
from tiltakseffekt.core.tables import table_faults
from tiltakseffekt.stages.description.cells import CELL
from tiltakseffekt.stages.description.measuring import add_up, measure_shard, read_shard
from tiltakseffekt.stages.description.people import MEASURE_GROUPS
from tiltakseffekt.stages.description.schemas import DESCRIPTION_SUMS

MONTHS = [f"{year}-{month:02d}" for year in (2016, 2017, 2018, 2019) for month in (1, 5, 9)]
GROUPS = ("standard", "situasjonsbestemt", "spesielt_tilpasset", "sykmeldt")


@st.composite
def lives(draw):
    """Draw spells of registration, work and measures of a few persons."""
    span = st.tuples(st.sampled_from(MONTHS), st.sampled_from(MONTHS)).map(sorted)
    return [
        {
            "registered": draw(st.lists(st.tuples(span, st.sampled_from(GROUPS)), max_size=3)),
            "worked": draw(st.lists(span, max_size=2)),
            "measures": draw(st.lists(st.tuples(span, st.sampled_from(MEASURE_GROUPS[:6])), max_size=3)),
        }
        for _ in range(draw(st.integers(2, 5)))
    ]


def add(registers, persons):
    for number, life in enumerate(persons):
        name = registers.person(f"p{number}")
        for (first, last), group in life["registered"]:
            registers.state(name, first, last, nav_group=group)
        for first, last in life["worked"]:
            registers.state(name, first, last, in_work=True, wage=30000)
        for place, ((first, last), group) in enumerate(life["measures"]):
            registers.measure(name, group, first, last, code=f"X{place}")


@settings(max_examples=8, deadline=None)
@given(lives())
def test_shards_add_up(codebooks, new_registers, persons):
    registers = new_registers()
    add(registers, persons)
    names = [person["person_id"] for person in registers.people]
    whole = add_up([measure_shard(registers.tables(), codebooks, ARMS)])
    parts = add_up([measure_shard(registers.tables(part), codebooks, ARMS) for part in (names[:1], names[1:])])
    pd.testing.assert_frame_equal(whole, parts)


def test_every_shard_has_the_same_cells_and_keeps_the_schema(codebooks, new_registers):
    nobody = measure_shard(new_registers().tables(), codebooks, ARMS)
    registers = new_registers()
    add(registers, [{"registered": [(("2017-01", "2018-01"), "standard")], "worked": [], "measures": []}])
    somebody = measure_shard(registers.tables(), codebooks, ARMS)
    assert not table_faults(nobody, DESCRIPTION_SUMS)
    assert not table_faults(somebody, DESCRIPTION_SUMS)
    pd.testing.assert_frame_equal(nobody[list(CELL)], somebody[list(CELL)])


def test_files_and_memory_give_the_same(codebooks, new_registers, tmp_path):
    registers = new_registers()
    add(registers, [{"registered": [(("2017-01", "2018-01"), "standard")], "worked": [], "measures": []}])
    tables = registers.tables()
    for name, table in tables.items():
        pq.write_table(table.append_column("other", [[0] * len(table)]), tmp_path / f"{name}.parquet")
    read = read_shard({name: tmp_path / f"{name}.parquet" for name in tables})
    pd.testing.assert_frame_equal(measure_shard(read, codebooks, ARMS), measure_shard(tables, codebooks, ARMS))


def test_every_measure_group_of_the_codebook_is_known(codebooks):
    assert set(measure_groups(codebooks).values()) == set(MEASURE_GROUPS)
