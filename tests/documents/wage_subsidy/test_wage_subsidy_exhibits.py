"""Every exhibit draws from the real tables, with a word for every key in both languages."""

from importlib import import_module
from pathlib import Path

import pytest

from tiltakseffekt.config.evaluations import all_labels
from tiltakseffekt.documents.wage_subsidy.tables import wage_subsidy_table
from tiltakseffekt.stages.exhibits.catalogue import DRAWINGS, load_catalogue
from tiltakseffekt.stages.exhibits.drawing import draw
from tiltakseffekt.stages.exhibits.labels import compose_text
from tiltakseffekt.stages.exhibits.words import select_labels

CONFIG = Path(__file__).resolve().parents[3] / "config"
OWN = CONFIG / "evaluations/teknisk_rapport"
ENTRIES = {entry.id: entry for entry in load_catalogue(OWN / "exhibits.yaml") if ".wage_subsidy:" in entry.builder}


@pytest.fixture(scope="module")
def tables(vlt_rapport, vtao_horing, wage_subsidy_parameters, found, stated):
    return {
        "documents/vlt_rapport/wage_subsidy": wage_subsidy_table(
            vlt_rapport, vtao_horing, wage_subsidy_parameters, found, stated
        ),
    }


def built(entry, tables):
    module, _, function = entry.builder.partition(":")
    build = getattr(import_module(module), function)
    return build(**{keyword: tables[reference] for keyword, reference in entry.inputs.items()})


@pytest.mark.parametrize("name", sorted(ENTRIES))
@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_exhibit_is_drawn(tables, name, language):
    entry = ENTRIES[name]
    labels = select_labels(all_labels(CONFIG, language)["teknisk_rapport"], entry)
    text = compose_text(entry, labels, {}, "synthetic")
    assert set(draw(built(entry, tables), entry, text)) == set(DRAWINGS[entry.kind])
    # No register enters, so that nothing is synthetic.
    assert text.mark == ""


def test_bases_stand_side_by_side(tables):
    cells = built(ENTRIES["vlt-netto"], tables).set_index(["row_group", "row", "column"])["value"]
    assert cells["vtao", "netto", "as_printed"] == -222
    assert round(cells["vtao", "netto", "as_reconstructed"]) == -222
    assert cells["vtao", "netto", "as_specified"] > 0


def test_the_treasury_pays_for_every_alternative(tables):
    streams = built(ENTRIES["figur-vlt"], tables)
    assert streams.groupby(["panel", "row"]).size().eq(8).all()
    assert (streams.loc[streams["row"].str.startswith("staten"), "value"] < 0).all()
