"""Cleaning undoes the planted defects that have one right answer, and raises no alarm where there are none.

A hole in a spell is none of them: another measure in that month may explain what NAV knew.
"""

import hashlib

import pyarrow.compute as pc

from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.core.tables import write_arrow
from tiltakseffekt.stages.clean.quality import data_quality
from tiltakseffekt.stages.clean.registers import check_registers
from tiltakseffekt.stages.clean.settings import CleanSettings
from tiltakseffekt.stages.registers.settings import CsvFormat
from tiltakseffekt.synthetic.defects.ledger import Plan
from tiltakseffekt.synthetic.defects.numbers import reform, reform_places
from tiltakseffekt.synthetic.defects.plant import plant_defects
from tiltakseffekt.synthetic.defects.settings import DEFECTS, DefectSettings

MARKER = "SECRETMARKER"
UNDONE = (
    "wrong_century",
    "old_municipality_numbers",
    "old_office_numbers",
    "overlapping_spells",
    "duplicate_rows",
    "duplicate_parts",
)


def laid_out(folder, tables, places):
    for name, rows in {**tables, **places}.items():
        write_arrow(rows, folder / f"{name}.parquet")
    return folder


def clean_bytes(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted((folder / "clean").iterdir())}


def test_sound_registers_raise_no_alarm(tmp_path, simulated, clean):
    for one in clean(laid_out(tmp_path / "in", simulated.shards[0], simulated.places)).values():
        assert one.kept == one.received
        assert not any(rows for _, _, rows in (*one.set_aside, *one.repaired, *one.noted)), one.table


def test_defects_with_one_right_answer_are_undone(tmp_path, simulated, clean, contract, codebooks):
    tables, places = simulated.shards[0], simulated.places
    rates = dict.fromkeys(UNDONE, 0.3) | {"duplicate_parts": 1.0, "old_office_numbers": 0.1}
    # An office of which every month has its old number cannot be told from one that kept it.
    settings = DefectSettings(planted=UNDONE, **rates)
    after = reform(tables, Plan(simulated.seed, 0, settings, contract, codebooks))
    places = reform_places(places, codebooks, settings)
    damaged, ledger = plant_defects(tables, contract, codebooks, settings, simulated.seed, 0)
    assert set(ledger["defect"]) == set(UNDONE)
    clean(laid_out(tmp_path / "sound", after, places))
    counts = clean(laid_out(tmp_path / "damaged", damaged, places))
    assert clean_bytes(tmp_path / "damaged") == clean_bytes(tmp_path / "sound")
    assert not data_quality(list(counts.values()), CleanSettings(largest_quarantined_share=0))["stops"].any()


def test_the_usual_defects_do_not_stop_a_run_and_counts_add_up(tmp_path, simulated, clean, contract, codebooks):
    tables, places = simulated.shards[0], simulated.places
    settings = DefectSettings(planted=DEFECTS)
    damaged, _ = plant_defects(tables, contract, codebooks, settings, simulated.seed, 0)
    counts = clean(laid_out(tmp_path / "in", damaged, reform_places(places, codebooks, settings)))
    assert not data_quality(list(counts.values()), CleanSettings())["stops"].any()
    for one in counts.values():
        assert one.received == one.kept + sum(rows for _, _, rows in one.set_aside)


def test_no_message_about_defects_holds_a_value(tmp_path, simulated, contract, codebooks):
    tables, places = simulated.shards[0], simulated.places
    settings = DefectSettings(planted="all", overlapping_spells=0.3, wrong_century=0.1)
    marked = {
        name: rows.set_column(0, "person_id", pc.binary_join_element_wise(MARKER, rows.column("person_id"), ""))
        for name, rows in plant_defects(tables, contract, codebooks, settings, simulated.seed, 0)[0].items()
    }
    folder = laid_out(tmp_path / "in", marked, places)
    faults = check_registers(folder, contract, codebooks, CleanSettings(), CsvFormat(), tmp_path / "work", threads=1)
    told = {fault.rule for fault in faults}
    assert "spells of one measure overlap; they are merged" in told
    assert "a birth year a century off is moved into 1923-2022" in told
    text = str(FaultsFound(faults))
    assert MARKER not in text
    assert "99999999" not in text
