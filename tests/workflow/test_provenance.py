from pathlib import Path

import pytest

from tiltakseffekt.workflow.provenance import (
    Record,
    ancestors,
    exhibit_provenance,
    hash_inputs,
    read_records,
    short_version,
    write_record,
)
from tiltakseffekt.workflow.trace import NotBuilt, UnknownExhibit, describe_trace, read_provenance, register_files


def record(rule, inputs, outputs, **wildcards):
    return Record(rule, wildcards, f"scripts/{rule}.py", ("m:f",), {"seed": 1, "code": "c"}, inputs, outputs)


RECEIVE = record("receive_registers", {"registers/person.parquet": "p" * 64}, {"receipt.json": "r" * 64})
CLEAN = [
    record(
        "clean_table",
        {"receipt.json": "r" * 64, "registers/person.parquet": "p" * 64},
        {f"clean/00{shard}.parquet": str(shard) * 64},
        shard=f"00{shard}",
    )
    for shard in range(2)
]
EXHIBIT = record("figur_1", {f"clean/00{shard}.parquet": str(shard) * 64 for shard in range(2)}, {"data.csv": "d" * 64})
UNRELATED = record("other", {}, {"other": "o"})


def test_records_survive_the_disk(tmp_path):
    for one in [RECEIVE, *CLEAN]:
        write_record(one, tmp_path)
    assert read_records(tmp_path) == [*CLEAN, RECEIVE]


def test_ancestors_go_back_to_the_registers_and_nowhere_else():
    found = ancestors(EXHIBIT, [RECEIVE, *CLEAN, EXHIBIT, UNRELATED])
    assert [(one.rule, *one.wildcards.values()) for one in found] == [
        ("clean_table", "000"),
        ("clean_table", "001"),
        ("receive_registers",),
    ]
    assert register_files(found) == {"registers/person.parquet": "p" * 64}


def test_the_trace_names_rule_function_and_register_file_with_hash():
    text = describe_trace(exhibit_provenance(EXHIBIT, [RECEIVE, *CLEAN], Path(__file__).parent))
    assert text.startswith("rule figur_1\n")
    assert "rule clean_table (2 jobs)" in text
    assert "m:f" in text
    assert f"registers/person.parquet  sha256 {'p' * 64}" in text
    assert "python" in text.splitlines()[-1]


def test_outputs_of_jobs_are_not_hashed_again_but_small_sources_are(tmp_path):
    made, source = tmp_path / "made", tmp_path / "source"
    made.write_text("x")
    source.write_text("y")
    known = [record("make", {"source": "old"}, {"made": "known"})]
    hashes = hash_inputs({"made": made, "source": source}, known)
    assert hashes["made"] == "known"
    assert hashes["source"] not in ("old", "known")


def test_a_trace_of_nothing_says_what_there_is(tmp_path):
    with pytest.raises(UnknownExhibit, match="It has: figur-1, figur-2"):
        read_provenance("figur-9", tmp_path, ["figur-2", "figur-1"])
    with pytest.raises(NotBuilt, match=r"results/exhibits/figur-1/data\.csv"):
        read_provenance("figur-1", tmp_path, ["figur-1"])


def test_outside_git_the_version_is_unknown(tmp_path):
    assert short_version(tmp_path) == "ukjent"
