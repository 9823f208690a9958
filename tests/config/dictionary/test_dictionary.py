"""The data dictionary: complete, the same in both renderings, and a page that needs nothing but itself."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tiltakseffekt.config.dictionary.markdown import grid, markdown
from tiltakseffekt.config.dictionary.model import PRIVACY, build_dictionary
from tiltakseffekt.config.dictionary.page import page
from tiltakseffekt.config.evaluations import all_labels
from tiltakseffekt.core.codebook import read_codebooks
from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.stages.registers.contract import Contract, load_contract

CONFIG = Path(__file__).parents[3] / "config"
CONTRACT = load_contract(CONFIG / "registers.yaml")
ENGLISH = all_labels(CONFIG, "en")
CODEBOOKS = read_codebooks((CONFIG / "codebook").glob("*.csv"))
DICTIONARY = build_dictionary(CONTRACT, CODEBOOKS, ENGLISH)
COLUMNS = [(name, column) for name, table in CONTRACT.tables.items() for column in table.columns]
#: Columns whose codes have their words in a code book of their own.
FROM_CODEBOOKS = {
    name for table in CONTRACT.tables.values() for name, column in table.columns.items() if column.codebook
}


class Reader(HTMLParser):
    """Takes down the tags, attributes and visible text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in ("meta", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not {"style", "script"} & set(self.open):
            self.words.append(data)

    def values(self, name):
        return [value for _, attribute, value in self.attributes if attribute == name]


PAGE = Reader(page(DICTIONARY))
RENDERED = {"markdown": markdown(DICTIONARY), "page": " ".join(PAGE.words)}


@pytest.mark.parametrize("form", RENDERED)
def test_every_word_of_the_model_is_rendered(form):
    text = RENDERED[form]
    for table in DICTIONARY.tables:
        for column in table.columns:
            assert all(word in text for word in (column.name, column.meaning, column.kind, column.unit, column.cleaned))
        assert all(
            word in text
            for word in (table.meaning, table.source, table.first, table.last, *table.rules, *table.repairs)
        )
    for codes in DICTIONARY.code_lists:
        assert codes.source in text
        for code in codes.codes:
            assert all(word in text for word in (code.code, code.nb, code.en, code.group, code.first, code.last))
    assert all(paragraph in text for paragraph in PRIVACY)


def test_every_column_of_the_contract_and_every_added_one_is_there():
    found = [(table.name, column.name) for table in DICTIONARY.tables for column in table.columns]
    added = [("nav_status", "nav_group"), ("tiltak", "measure"), ("wage_subsidy", "measure")]
    assert sorted(found) == sorted(COLUMNS + added)


def test_repairs_successors_and_months_of_codes_are_told():
    tables = {table.name: table for table in DICTIONARY.tables}
    told = "\n".join((*tables["tiltak"].rules, *tables["tiltak"].repairs))
    assert "start_month lies within those of measure_code" in told
    assert "a stop month 0000-00 or 9999-12 becomes missing" in tables["tiltak"].repairs
    for table, column, file in (
        ("residence", "municipality", "kommuneendringer"),
        ("nav_status", "nav_office", "kontorendringer"),
    ):
        assert any(column in repair and f"{file}.csv" in repair for repair in tables[table].repairs)


def test_every_allowed_code_is_explained_in_both_languages():
    lists = {codes.column: codes for codes in DICTIONARY.code_lists}
    for table in CONTRACT.tables.values():
        for name, column in table.columns.items():
            if column.allowed and name not in FROM_CODEBOOKS:
                # Tables may share a code list of which each allows a part.
                assert set(column.allowed) <= {code.code for code in lists[name].codes}
                assert all(code.nb and code.en for code in lists[name].codes)
    measures = lists["measure_code"].codes
    assert len({code.code for code in measures}) == 84
    assert {code.group for code in measures} == {code.code for code in lists["measure"].codes}


def test_an_unexplained_code_is_a_fault():
    content = CONTRACT.model_dump()
    content["tables"]["person"]["columns"]["sex"]["allowed"] = ("1", "2", "3")
    with pytest.raises(FaultsFound, match="sex: codes of the contract are not explained"):
        build_dictionary(Contract.model_validate(content), CODEBOOKS, ENGLISH)


def test_each_explained_code_belongs_to_a_column_of_the_contract():
    explained = CODEBOOKS["register_codes.csv"]
    assert not explained.duplicated(["column", "code"]).any()
    listed = {
        (name, code)
        for table in CONTRACT.tables.values()
        for name, column in table.columns.items()
        if name not in FROM_CODEBOOKS
        for code in column.allowed
    }
    assert set(explained[["column", "code"]].itertuples(index=False, name=None)) == listed


def test_bars_do_not_end_a_cell():
    assert grid(["a"], [["x|y"]]).splitlines()[-1] == "| x\\|y |"


def test_the_page_is_well_formed_and_its_anchors_are_unique_and_found():
    assert PAGE.open == []
    names = PAGE.values("id")
    assert len(names) == len(set(names))
    assert {link.removeprefix("#") for link in PAGE.values("href")} <= set(names)
    assert set(PAGE.values("aria-labelledby")) <= set(names)
    assert {f"{table}.{column}" for table, column in COLUMNS} <= set(names)


def test_the_page_asks_for_nothing_from_elsewhere():
    assert not [tag for tag, name, _ in PAGE.attributes if name == "src" or tag == "link"]
    assert all(link.startswith("#") for link in PAGE.values("href"))
    assert not re.search(r"https?:|@import|url\(|fetch\(", page(DICTIONARY))


def test_markup_in_words_is_shown_as_it_stands():
    marked = CODEBOOKS["register_codes.csv"].replace("Mann", "<b>Mann</b> & $title")
    codebooks = CODEBOOKS | {"register_codes.csv": marked}
    assert "&lt;b&gt;Mann&lt;/b&gt; &amp; $title" in page(build_dictionary(CONTRACT, codebooks, ENGLISH))


def test_every_link_inside_the_markdown_has_a_heading():
    text = RENDERED["markdown"]
    headings = {heading.lower().replace(" ", "-") for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= headings
