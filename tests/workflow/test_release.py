"""What of its provenance leaves with an exhibit: no hash that fillings could be tried on, no place of the machine."""

import json
from itertools import product
from pathlib import Path

import pytest

from tiltakseffekt.core.files import sha256, write_text
from tiltakseffekt.workflow.provenance import Record, exhibit_provenance
from tiltakseffekt.workflow.release import provenance_for, released_provenance

BUILT, EXPORTED = "results/exhibits/tabell-1", "results/export/tabell-1"


def record(rule, inputs, outputs, parameters=None):
    return Record(rule, {}, f"scripts/{rule}.py", ("m:f",), parameters or {}, inputs, outputs)


def provenance(extracts="/data/p1234/extracts", parameters=None):
    """Return the provenance of an exported table on registers in a folder."""
    person, about = f"{extracts}/person/part-000.parquet", f"{extracts}/about.json"
    jobs = [
        record(
            "receive_registers",
            {person: "person", about: "about", "config/registers.yaml": "contract"},
            {"results/clean/receipt.json": "receipt"},
            {"folder": extracts, "csv": {"delimiter": ","}},
        ),
        record(
            "clean_table",
            {person: "person", "config/codebook/labels.csv": "codes"},
            {"results/clean/counts/person.json": "counts"},
            {"workspace": "results/tmp/clean_table/person"},
        ),
        record(
            "tabell_1",
            {"results/clean/receipt.json": "receipt", "results/clean/counts/person.json": "counts"}
            | {"/data/p1234/truth/part-000.parquet": "truth"},
            {f"{BUILT}/data.csv": "built", f"{BUILT}/table.md": "drawn"},
            parameters,
        ),
    ]
    own = record("export_table", {f"{BUILT}/data.csv": "built"}, {f"{EXPORTED}/data.csv": "exported"})
    return exhibit_provenance(own, jobs, Path(__file__).parent)


def hashes(content):
    jobs = [content, *content["ancestors"]]
    return {path: value for job in jobs for key in ("inputs", "outputs") for path, value in job[key].items()}


def test_only_register_files_files_of_the_project_and_what_leaves_keep_their_hash():
    released = hashes(released_provenance(provenance()))
    assert {path: value for path, value in released.items() if value} == {
        "registers/person/part-000.parquet": "person",
        "registers/about.json": "about",
        "config/registers.yaml": "contract",
        "config/codebook/labels.csv": "codes",
        f"{EXPORTED}/data.csv": "exported",
    }
    assert {path for path, value in released.items() if value is None} == {
        "results/clean/receipt.json",
        "results/clean/counts/person.json",
        "part-000.parquet",
        f"{BUILT}/data.csv",
        f"{BUILT}/table.md",
    }


@pytest.mark.parametrize("extracts", ["/data/p1234/extracts", "../p1234/extracts", "p1234/extracts", "."])
def test_register_files_are_named_by_table_and_part_wherever_they_lie(extracts):
    released = released_provenance(provenance(extracts))
    assert hashes(released)["registers/person/part-000.parquet"] == "person"


def test_no_folder_of_the_machine_leaves():
    places = {"truth_path": "/data/p1234/truth", "nested": [{"home": "~ola/p1234/x", "up": "../../p1234"}]}
    words = {"share": "/", "text": "~10 prosent", "both": "NAV/SSB"}
    released = json.dumps(released_provenance(provenance(parameters=places | words)), ensure_ascii=False)
    assert "/data/p1234" not in released
    assert "ola" not in released
    assert "../" not in released
    assert all(json.dumps(word, ensure_ascii=False) in released for word in words.values())
    assert '"folder": "extracts"' in released


def test_a_suppressed_cell_is_not_found_by_trying_fillings(tmp_path):
    def table(*hidden):
        return "row,count\n" + "".join(f"{row},{count}\n" for row, count in zip("abc", (40, *hidden), strict=True))

    write_text(tmp_path / "data.csv", table(3, 4))
    own = record("export_table", {f"{BUILT}/data.csv": sha256(tmp_path / "data.csv")}, {})
    full = exhibit_provenance(own, [], Path(__file__).parent)

    def found(content):
        matches = []
        for filling in product(range(1, 5), repeat=2):
            write_text(tmp_path / "try.csv", table(*filling))
            if sha256(tmp_path / "try.csv") in json.dumps(content):
                matches.append(filling)
        return matches

    assert found(full) == [(3, 4)]
    assert found(released_provenance(full)) == []


def test_the_full_provenance_stays_beside_the_exhibit_inside():
    full = provenance()
    assert provenance_for(f"{BUILT}/provenance.json", full) == full
    assert provenance_for(f"{EXPORTED}/provenance.json", full) == released_provenance(full)
