import math

import pypandoc
import pytest

from tiltakseffekt.stages.exhibits.catalogue import TableLayout
from tiltakseffekt.stages.exhibits.drawing import draw
from tiltakseffekt.stages.exhibits.tables import make_grid, to_markdown
from tiltakseffekt.stages.exhibits.tidy import tidy

SHARES = tidy(
    [
        {"row": "m0_2", "column": "standard", "value": 16.7, "unit": "percent", "count": 167, "base": 1000},
        {"row": "m0_2", "column": "situasjonsbestemt", "value": 38.4, "unit": "percent", "count": 384, "base": 1000},
        {"row": "m3_5", "column": "standard", "text": ":"},
        {"row": "n", "column": "standard", "value": 1000.0, "unit": "persons", "count": 1000, "total": True},
    ]
)


def test_rows_and_columns_keep_the_order_of_the_data(text_of):
    grid = make_grid(SHARES, TableLayout(type="plain", stub="oppstart"), text_of("oppstart-etter-periode"))
    assert grid.columns == ("Standardinnsats", "Situasjonsbestemt innsats")
    assert [line.label for line in grid.lines] == ["0–2 måneder", "3–5 måneder", "N"]
    assert grid.lines[0].cells == ("16,7\N{NO-BREAK SPACE}%", "38,4\N{NO-BREAK SPACE}%")
    assert grid.lines[1].cells == (":", "–")
    assert grid.lines[2].total


def test_estimate_stars_and_error_share_a_cell(made_up, catalogue, text_of):
    grid = make_grid(made_up["effekt-i-grupper"], catalogue["effekt-i-grupper"].layout, text_of("effekt-i-grupper"))
    assert grid.lines[0].label == "Innsatsgruppe"
    assert grid.lines[0].cells == ()
    assert grid.lines[1].cells[0] == "1,23*** (0,30)"
    assert grid.lines[2].cells[0] == "\N{MINUS SIGN}1,27 (0,30)"


def test_panels_stand_side_by_side_or_below_each_other(made_up, catalogue, text_of):
    across = make_grid(
        made_up["deltakere-og-kontroller-1"],
        catalogue["deltakere-og-kontroller-1"].layout,
        text_of("deltakere-og-kontroller-1"),
    )
    assert across.spanners[:3] == ("AFT", "AFT", "AMO")
    assert across.columns[:2] == ("Behandling", "Kontroll")
    below = "nytte-kostnad-mot-trykk"
    stacked = make_grid(made_up[below], catalogue[below].layout, text_of(below))
    assert [line.label for line in stacked.lines if not line.cells] == [
        "Med våre estimater",
        "Med rapportens trykte forutsetninger",
    ]
    assert stacked.lines[3].cells[0] == "Ubetydelig/ingen"
    assert stacked.lines[2].cells[0] == "–"


@pytest.mark.parametrize("exhibit", ["effekt-i-grupper", "deltakere-og-kontroller-1", "nytte-kostnad-mot-trykk"])
def test_pandoc_reads_a_table_for_each_fold_and_the_note(exhibit, made_up, catalogue, text_of):
    layout = catalogue[exhibit].layout
    tables = math.ceil(len(make_grid(made_up[exhibit], layout, text_of(exhibit)).columns) / layout.fold)
    drawn = draw(made_up[exhibit], catalogue[exhibit], text_of(exhibit))
    markdown = f"{drawn['table.md'].decode()}\n{drawn['note.md'].decode()}"
    page = pypandoc.convert_text(markdown, "html", format="markdown")
    assert page.count("<table") == tables
    assert text_of(exhibit).mark in page.replace("\n", " ")
    assert pypandoc.convert_text(markdown, "typst", format="markdown").count("#table(") == tables


def test_folded_columns_come_back_below(made_up, catalogue, text_of):
    markdown = draw(made_up["effekt-i-grupper"], catalogue["effekt-i-grupper"], text_of("effekt-i-grupper"))[
        "table.md"
    ].decode()
    rows = [line for line in markdown.splitlines() if line.startswith("|")]
    assert {line.count("|") - line.count("\\|") for line in rows} == {7}
    assert sum("Konstant (Mann)" in row for row in rows) == 2
    assert sum(row.startswith("|:--") for row in rows) == 2


def test_numbers_beside_sentences_are_set_narrow_and_from_the_right(text_of):
    data = tidy(
        [
            {"row": "alder", "column": "definisjon", "text": "definisjon_alder", "unit": "text"},
            {"row": "alder", "column": "antall_kolonner", "value": 1.0, "unit": "count"},
        ]
    )
    layout = TableLayout(type="plain", sentences=True, stub="variabel")
    rule = to_markdown(make_grid(data, layout, text_of("kovariater")), layout).splitlines()[1]
    assert [column[-1] for column in rule.strip("|").split("|")] == ["-", "-", ":"]
