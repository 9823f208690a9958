import re

from tiltakseffekt.cli.tables import TABLES
from tiltakseffekt.config.tables_documentation import tables_document

TEXT = tables_document(TABLES)


def test_every_table_column_and_meaning_is_there():
    for schema in (schema for tables in TABLES.values() for schema in tables):
        section = TEXT.split(f"\n### {schema.name}\n")[1].split("\n##")[0]
        assert schema.meaning in section
        assert ("Microdata." in section) == schema.microdata
        for column in (*schema.columns.values(), *schema.families.values()):
            assert column.meaning in section


def test_runs_of_numbered_columns_are_one_row_and_others_are_not():
    assert "| `in_work_m01` to `in_work_m36` |" in TEXT
    assert "`in_work_m02` |" not in TEXT
    assert "| `months_in_work_y2` |" in TEXT


def test_every_link_has_a_heading():
    headings = {heading.replace(" ", "-") for heading in re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= headings


def test_units_and_ranges_are_told():
    assert "| `months_in_work_y…` | number | no | months in work in the year | months | 0 to 12 |" in TEXT
    assert "| `n_control` | integer | no | persons in the control arm | persons | 0 or more |" in TEXT
