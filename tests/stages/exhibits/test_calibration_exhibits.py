from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.documents.calibration.choices import load_choices
from tiltakseffekt.documents.calibration.comparison import printed_targets, read_published, reasons
from tiltakseffekt.documents.exhibits.calibration import kalibrering, kalibrering_avvik, kalibrering_celler
from tiltakseffekt.stages.exhibits.catalogue import Disclosure
from tiltakseffekt.stages.exhibits.few import Zeros, too_few
from tiltakseffekt.stages.exhibits.labels import missing_words
from tiltakseffekt.stages.export.disclosure import control
from tiltakseffekt.stages.export.settings import DisclosureSettings

CONFIG = Path(__file__).resolve().parents[3] / "config"

#: What each builder is told besides the rounding.
LIMITS = {
    kalibrering: {"threshold": 5},
    kalibrering_avvik: {"threshold": 5, "zeros": "show"},
    kalibrering_celler: {},
}

ROWS = (
    # exhibit, row_group, row, column, unit, relation, printed, ours, count, base, reason
    (
        "tabell-4-2",
        "gruppe_kjonn",
        "mann",
        "forste_registrering",
        "percent",
        "equal",
        54.8,
        50.0,
        500,
        1000,
        "",
    ),
    (
        "tabell-4-2",
        "gruppe_kjonn",
        "kvinne",
        "forste_registrering",
        "percent",
        "equal",
        45.2,
        50.0,
        500,
        1000,
        "",
    ),
    ("tabell-4-2", "", "n", "forste_registrering", "percent", "equal", 4.0, 5.0, 1000, 20000, ""),
    ("tabell-4-2", "", "n", "forste_registrering", "persons", "equal", 1100.0, 1000.0, 1000, None, ""),
    ("figur-5-2", "", "tilstand_ufor", "m24", "percent", "about", 10.0, 0.1, 2, 2000, ""),
    ("figur-5-2", "", "tilstand_ufor", "m24", "percent", "about", 10.0, 0.1, 2, 2000, ""),
    ("figur-4-9", "", "i_alt", "y2022_relativt_til_2010", "ratio", "about", 1.0, None, 0, 0, "nobody"),
    ("tabell-6-7", "", "mann", "aft", "months_per_year", "equal", None, None, None, None, "estimate"),
)


@pytest.fixture
def calibration():
    names = (
        "exhibit",
        "row_group",
        "row",
        "column",
        "unit",
        "relation",
        "printed",
        "ours",
        "count",
        "base",
        "reason",
    )
    return pd.DataFrame(ROWS, columns=names).assign(document="effektrapport_2024", panel="", step=1.0, se=np.nan)


def value(data, row, column):
    return data.loc[(data["row"] == row) & (data["column"] == column), "value"].item()


def test_the_summary_counts_every_printed_number(calibration):
    data = kalibrering(calibration, threshold=1, round_counts=1)
    numbers = {row: value(data, row, "antall_trykte") for row in ("tabell-4-2", "figur-5-2", "figur-4-9", "andre")}
    assert numbers == {"tabell-4-2": 4, "figur-5-2": 2, "figur-4-9": 1, "andre": 1}
    assert value(data, "tabell-4-2", "median_avvik_prosentpoeng") == pytest.approx(4.8)
    assert value(data, "figur-4-9", "antall_for_faa") == 1
    assert value(data, "estimate", "antall_utelatt") == 1


def test_documents_stand_apart_in_their_order(calibration):
    both = pd.concat([calibration, calibration.assign(document="vlt_rapport")], ignore_index=True)
    summary = kalibrering(both, threshold=5, round_counts=1)
    assert summary["row_group"].unique().tolist() == ["effektrapport_2024", "vlt_rapport", "utelatt_etter_grunn"]
    assert value(summary[summary["row_group"] == "vlt_rapport"], "andre", "antall_trykte") == 1
    largest = kalibrering_avvik(both, threshold=5, round_counts=1, zeros="show")
    assert (
        largest.groupby("panel")["row_group"].unique().map(list).tolist() == [["effektrapport_2024", "vlt_rapport"]] * 2
    )


def test_a_number_that_cannot_be_measured_counts_among_those_left_out(calibration):
    lacking = calibration.assign(reason=calibration["reason"].replace("estimate", "unmeasurable"))
    data = kalibrering(lacking, threshold=5, round_counts=1)
    assert value(data, "unmeasurable", "antall_utelatt") == 1
    assert value(data, "estimate", "antall_utelatt") == 0


def test_the_largest_differences_leave_out_what_rests_on_few(calibration):
    data = kalibrering_avvik(calibration, threshold=5, round_counts=1, zeros="show")
    printed = data[data["column"] == "avvik"]
    assert printed.groupby("panel").size().to_dict() == {"andeler": 3, "antall": 1}
    assert printed.loc[printed["panel"] == "antall", "value"].item() == pytest.approx(-100 / 11)


@pytest.mark.parametrize(("zeros", "ranked"), [("show", 4), ("suppress", 3)])
def test_a_number_that_is_hidden_as_a_zero_is_not_ranked(calibration, zeros, ranked):
    """The attack: no ranked number rests on few, so that one that the gate hides is a zero."""
    zero = calibration[calibration["row"] == "mann"].head(1).assign(column="nobody", ours=0.0, count=0.0)
    both = pd.concat([calibration, zero], ignore_index=True)
    data = kalibrering_avvik(both, threshold=5, round_counts=1, zeros=zeros)
    shares = data[(data["panel"] == "andeler") & (data["column"] == "simulert")]
    assert len(shares) == ranked
    hidden = too_few(shares["count"], shares["base"], 5, Zeros.all(zeros == "suppress"))
    assert not hidden.any()


def test_each_cell_has_one_line_and_a_repeated_number_stands_once(calibration):
    data = kalibrering_celler(calibration, round_counts=10)
    place = ["panel", "row_group", "row", "column"]
    assert not data.duplicated(place).any()
    assert data["panel"].unique().tolist() == ["effektrapport_2024+tabell-4-2", "effektrapport_2024+figur-5-2"]
    assert "n+i_prosent" in data["row"].tolist()
    assert "tilstand_ufor+m24+omtrent" in data["row"].tolist()


def test_the_gate_hides_number_and_differences_together(calibration):
    data = kalibrering_celler(calibration, round_counts=10)
    few = data["row"] == "tilstand_ufor+m24+omtrent"
    assert too_few(data["count"], data["base"], 5, Zeros.all(False)).equals(few & (data["column"] != "trykt"))


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("build", LIMITS)
def test_every_key_has_a_word(calibration, build, language, text_of):
    data = build(calibration, round_counts=10, **LIMITS[build])
    assert missing_words(data, text_of(build.__name__.replace("_", "-"), language).words) == ()


@pytest.mark.parametrize("exhibit", ["kalibrering", "kalibrering-avvik", "kalibrering-celler"])
def test_the_catalogue_knows_which_cells_rest_on_persons(calibration, exhibit, catalogue):
    build = next(build for build in LIMITS if build.__name__.replace("_", "-") == exhibit)
    data = build(calibration, round_counts=10, **LIMITS[build])
    assert control(data, catalogue[exhibit].disclosure, DisclosureSettings()).status != "fail"


@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_printed_number_that_is_compared_has_its_words(language, text_of):
    choices = load_choices(CONFIG / "documents")
    files = [CONFIG / "documents" / document / "numbers.csv" for document in choices.left_out]
    targets = printed_targets(*read_published(files, CONFIG / "codebook/labels.csv"))
    compared = targets[reasons(targets, choices) == ""]
    words = text_of("kalibrering-celler", language).words
    assert missing_words(compared.assign(panel=compared["panel"] + "+" + compared["exhibit"]), words) == ()
    assert set(compared["exhibit"]) <= set(text_of("kalibrering", language).words)


def test_a_cell_that_is_hidden_elsewhere_does_not_follow_from_its_neighbours(calibration):
    """The attack: 3 of 60 are hidden in their table together with 17; here their neighbours stand, and 60 is known."""
    counts = (3, 17, 18, 22)
    cells = pd.DataFrame({"ours": counts, "count": counts}, dtype="float64").assign(
        document="effektrapport_2024", exhibit="tabell-6-3", panel="", row_group="", column="standard", unit="persons",
        row=["aft", "amo", "avklaring", "jobbklubb"], relation="equal", printed=20.0, base=float("nan"), step=1.0,
        se=float("nan"), reason="",
    )  # fmt: skip
    shown = control(kalibrering_celler(cells, 10), Disclosure(cells="mixed"), DisclosureSettings()).data
    ours = shown.loc[shown["column"] == "simulert", "value"]
    assert ours.tolist()[1:] == [20, 20, 20]
    assert pd.isna(ours.iloc[0])
    differences = shown.loc[shown["column"] == "avvik", "value"]
    assert differences.tolist()[1:] == [0, 0, 0]
    assert 60 - ours.sum() != counts[0]


def test_a_summary_of_few_numbers_is_left_out(calibration):
    """The attack: the median of one difference is that difference."""
    data = kalibrering(calibration, threshold=5, round_counts=10)
    assert np.isnan(value(data, "tabell-4-2", "median_avvik_prosentpoeng"))
    assert value(data, "tabell-4-2", "antall_sammenlignet") == 4
