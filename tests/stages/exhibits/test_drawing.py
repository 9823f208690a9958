import hashlib
import os
import re
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.stages.exhibits.drawing import draw, draw_placeholder, write_files
from tiltakseffekt.stages.exhibits.tidy import tidy, write_tidy

FIGURES = (
    "figur-maneder-i-arbeid",
    "figur-deltakere-og-alle",
    "figur-arbeid-tre-tiltak",
    "figur-arbeid-for-og-etter",
    "figur-varighet",
)
PROFITABILITY = ("figur-fossefall", "figur-tornado", "figur-lonnsomhet", "figur-balanse")
CALENDAR_AND_FLOWS = ("figur-registrerte", "figur-sesong", "figur-veier-videre")

DESCRIPTION = (
    "figur-tilstander-alle",
    "figur-tilstander-arbeid-opplaring",
    "figur-oppstart-to-ar",
    "figur-deltakere",
    "figur-tiltak-i-bruk",
)


def png_width(content):
    return struct.unpack(">I", content[16:20])[0]


@pytest.mark.parametrize("exhibit", (*FIGURES, *PROFITABILITY, *CALENDAR_AND_FLOWS, *DESCRIPTION))
def test_a_figure_is_drawn_as_wide_as_the_text_and_the_same_twice(exhibit, made_up, catalogue, text_of):
    first = draw(made_up[exhibit], catalogue[exhibit], text_of(exhibit))
    second = draw(made_up[exhibit], catalogue[exhibit], text_of(exhibit))
    assert set(first) == {"figure.svg", "figure.png"}
    assert first == second
    assert png_width(first["figure.png"]) == 1260


@pytest.mark.parametrize("exhibit", ["effekt-i-grupper", "deltakere-og-kontroller-1", "nytte-kostnad-mot-trykk"])
def test_a_table_is_set_the_same_twice_and_needs_no_other_file(exhibit, made_up, catalogue, text_of):
    first = draw(made_up[exhibit], catalogue[exhibit], text_of(exhibit))
    assert first == draw(made_up[exhibit], catalogue[exhibit], text_of(exhibit))
    page = first["table.html"].decode()
    assert not re.search(r"https?://|@import|<link|<script", page)
    assert text_of(exhibit).mark in page


def test_figures_carry_no_date_and_no_version(made_up, catalogue, text_of):
    drawn = draw(
        made_up["figur-maneder-i-arbeid"], catalogue["figur-maneder-i-arbeid"], text_of("figur-maneder-i-arbeid")
    )
    assert b"<dc:date>" not in drawn["figure.svg"]
    assert b"Software" not in drawn["figure.png"]


def test_order_of_rows_does_not_matter_for_measures(made_up, catalogue, text_of):
    data = made_up["figur-maneder-i-arbeid"]
    turned = pd.concat([data[data["column"] == year].iloc[::-1] for year in data["column"].unique()])
    args = (catalogue["figur-maneder-i-arbeid"], text_of("figur-maneder-i-arbeid"))
    assert draw(data, *args)["figure.png"] == draw(turned, *args)["figure.png"]


def test_points_without_value_are_left_out(made_up, catalogue, text_of):
    data = made_up["figur-maneder-i-arbeid"].copy()
    data.loc[0, ["value", "low", "high"]] = np.nan
    args = (catalogue["figur-maneder-i-arbeid"], text_of("figur-maneder-i-arbeid"))
    assert draw(data, *args) != draw(made_up["figur-maneder-i-arbeid"], *args)


@pytest.mark.parametrize("exhibit", ["figur-registrerte", "figur-sesong"])
def test_a_group_that_is_hidden_altogether_leaves_the_others(exhibit, made_up, catalogue, text_of):
    data = made_up[exhibit].copy()
    data.loc[data["row"] == "sykmeldt", ["value", "count"]] = np.nan
    args = (catalogue[exhibit], text_of(exhibit))
    assert draw(data, *args) != draw(made_up[exhibit], *args)


@pytest.mark.parametrize("exhibit", DESCRIPTION)
def test_a_hidden_part_leaves_the_others(exhibit, made_up, catalogue, text_of):
    data = made_up[exhibit].copy()
    data.loc[data["row"] == data["row"].iloc[-1], ["value", "count", "base"]] = np.nan
    args = (catalogue[exhibit], text_of(exhibit))
    assert draw(data, *args) != draw(made_up[exhibit], *args)


@pytest.mark.parametrize("exhibit", PROFITABILITY)
def test_a_measure_that_is_hidden_altogether_leaves_the_others(exhibit, made_up, catalogue, text_of):
    data = made_up[exhibit].copy()
    hidden = (data["panel"] == "aft") | (data["row"] == "aft")
    data.loc[hidden, ["value", "low", "high", "count"]] = np.nan
    args = (catalogue[exhibit], text_of(exhibit))
    assert draw(data, *args) != draw(made_up[exhibit], *args)


def test_bytes_do_not_depend_on_the_hash_seed(made_up, tmp_path):
    write_tidy(made_up["figur-deltakere-og-alle"], tmp_path / "data.csv")
    program = f"""
import hashlib, pathlib
from tiltakseffekt.config.evaluations import all_labels
from tiltakseffekt.stages.exhibits.catalogue import load_catalogue
from tiltakseffekt.stages.exhibits.drawing import draw
from tiltakseffekt.stages.exhibits.labels import compose_text
from tiltakseffekt.stages.exhibits.tidy import read_tidy
from tiltakseffekt.stages.exhibits.words import select_labels
entries = load_catalogue("config/evaluations/tiltakseffekter/exhibits.yaml")
entry = next(entry for entry in entries if entry.id == "figur-deltakere-og-alle")
labels = select_labels(all_labels(pathlib.Path("config"), "nb")["tiltakseffekter"], entry)
text = compose_text(entry, labels, dict.fromkeys(entry.facts, 1), "synthetic")
for name, content in draw(read_tidy({str(tmp_path / "data.csv")!r}), entry, text).items():
    print(name, hashlib.sha256(content).hexdigest())
"""
    root = Path(__file__).parents[3]
    printed = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            check=True,
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "4")
    }
    assert len(printed) == 1


@pytest.mark.parametrize("exhibit", ["figur-maneder-i-arbeid", "analyseutvalget"])
@pytest.mark.parametrize("reason", ["empty", "refused"])
def test_a_placeholder_says_why_nothing_is_shown(exhibit, reason, catalogue, text_of):
    text = text_of(exhibit)
    files = draw_placeholder(reason, catalogue[exhibit], text)
    assert files == draw_placeholder(reason, catalogue[exhibit], text)
    if "table.md" in files:
        assert text.placeholders[reason] in files["table.md"].decode()
        assert text.placeholders[reason] in files["table.html"].decode()
    else:
        assert png_width(files["figure.png"]) == 1260


@pytest.mark.parametrize("exhibit", ["figur-maneder-i-arbeid", "analyseutvalget"])
def test_data_without_values_become_the_empty_placeholder(exhibit, catalogue, text_of):
    args = (catalogue[exhibit], text_of(exhibit))
    assert draw(tidy([]), *args) == draw_placeholder("empty", *args)


def test_keys_without_words_stop_the_drawing(catalogue, text_of):
    with pytest.raises(FaultsFound, match="ukjent"):
        draw(tidy([{"row": "ukjent", "value": 1.0}]), catalogue["analyseutvalget"], text_of("analyseutvalget"))


def test_files_are_written_as_drawn(tmp_path):
    write_files({"table.md": b"words\n"}, tmp_path / "exhibit")
    written = (tmp_path / "exhibit" / "table.md").read_bytes()
    assert hashlib.sha256(written).digest() == hashlib.sha256(b"words\n").digest()


def test_an_interval_that_may_go_beyond_the_axis_ends_in_an_arrow(catalogue, text_of):
    """The axis is that of the other rows, so a longer interval looks the same whatever its length."""
    near = {"value": 1.0, "low": 0.0, "high": 2.0, "unit": "months_per_year", "count": 40}
    rows = [{"panel": "aft", "row": row} | near for row in ("doubly_robust", "naive")]

    def drawn(low: float, high: float) -> bytes:
        wide = {"panel": "aft", "row": "instrument", "value": 1.0, "low": low, "high": high, "count": 40}
        return draw(tidy([*rows, wide]), catalogue["figur-estimatorer"], text_of("figur-estimatorer"))["figure.png"]

    assert drawn(0.5, 50.0) == drawn(0.5, 5_000.0)
    assert len({drawn(0.5, 1.5), drawn(0.5, 50.0), drawn(-50.0, 50.0), drawn(-50.0, 1.5)}) == 4
