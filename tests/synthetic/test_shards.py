"""A person is the same whatever the shards, the order in which they are made, and the process."""

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiltakseffekt.synthetic.simulate import numbers_of_shard, simulate_places, simulate_shard

ROOT = Path(__file__).parents[2]
SEED, PERSONS = 5, 1_600


def contents(shard):
    return shard.tables | {"truth": shard.truth, "assignment": shard.assignment}


def plain(table):
    """Return a table with text spelt out, so that parts can be joined and compared."""
    columns = [c.cast(pa.string()) if pa.types.is_dictionary(c.type) else c for c in table.columns]
    return pa.table(columns, names=table.column_names).combine_chunks()


@pytest.fixture(scope="module")
def made(parameters, codebooks):
    """Return a function that makes shards in an order and joins their tables by number."""

    def make(shards, order):
        scale = PERSONS / parameters.fitted.persons
        parts = {shard: contents(simulate_shard(SEED, shard, scale, shards, parameters, codebooks)) for shard in order}
        assert sorted(parts) == list(range(shards))
        return {name: pa.concat_tables([plain(parts[one][name]) for one in range(shards)]) for name in parts[0]}

    return make


@pytest.mark.parametrize(("shards", "order"), [(4, [2, 0, 3, 1]), (16, range(15, -1, -1))])
def test_one_shard_and_many_in_any_order_tell_of_the_same_persons(made, shards, order):
    whole, parts = made(1, [0]), made(shards, order)
    assert set(whole) == set(parts)
    for name, table in whole.items():
        assert table.num_rows and table.combine_chunks().equals(parts[name].combine_chunks()), name


@given(st.integers(1, 3_000_000), st.floats(0.001, 1), st.integers(1, 512))
def test_shards_share_out_all_persons_once(population, scale, shards):
    parts = [numbers_of_shard(population, scale, shards, shard) for shard in range(shards)]
    numbers = np.concatenate(parts)
    assert (numbers == np.arange(round(population * scale))).all()
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_a_larger_scale_has_the_same_first_persons(parameters, codebooks):
    small, large = (
        plain(simulate_shard(SEED, 0, count / parameters.fitted.persons, 1, parameters, codebooks).tables["tiltak"])
        for count in (200, 300)
    )
    within = pa.compute.less(large["person_id"], f"{200:010d}")
    assert large.filter(within).combine_chunks().equals(small)


PRINTED = """
import hashlib, sys
from pathlib import Path
import pyarrow as pa
from tiltakseffekt.synthetic.parameters import read_codebooks, read_parameters
from tiltakseffekt.synthetic.simulate import simulate_places, simulate_shard
config = Path("config")
parameters = read_parameters(
    *(config / "synthetic" / f"{name}.yaml" for name in ("lives", "fitted", "permanent", "permanent_weights"))
)
books = read_codebooks(
    *(config / "codebook" / f"{name}.csv" for name in ("grunnbelop", "kpi", "innsatsgruppe", "tiltaksgruppering"))
)
made = simulate_shard(5, 1, 640 / parameters.fitted.persons, 2, parameters, books)
tables = made.tables | {"truth": made.truth, "assignment": made.assignment} | simulate_places(5, parameters, books)
for name in sorted(tables):
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, tables[name].schema) as writer:
        writer.write_table(tables[name])
    print(name, hashlib.sha256(sink.getvalue()).hexdigest())
"""


def printed(hash_seed):
    environment = {"PYTHONPATH": str(ROOT / "src"), "PYTHONHASHSEED": hash_seed}
    done = subprocess.run(
        [sys.executable, "-c", PRINTED], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout


def test_two_processes_with_other_hash_seeds_give_the_same_bytes():
    first = printed("1")
    assert first.count("\n") > 10
    assert first == printed("2")
    assert hashlib.sha256(b"").hexdigest() not in first


def test_another_seed_gives_other_persons_and_places(parameters, codebooks):
    scale = 100 / parameters.fitted.persons
    one, other = (contents(simulate_shard(seed, 0, scale, 1, parameters, codebooks)) for seed in (5, 6))
    for name in ("person", "tiltak", "truth", "assignment"):
        assert not plain(one[name]).equals(plain(other[name])), name
    first, second = (simulate_places(seed, parameters, codebooks)["municipality"] for seed in (5, 6))
    assert not plain(first).equals(plain(second))
