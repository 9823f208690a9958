"""What the data dictionary says, read from the contract, the codebooks and the labels."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tiltakseffekt.core.codebook import (
    LABELS,
    MEASURE_CODES,
    NAV_GROUP_CODES,
    Codebooks,
    measure_groups,
    nav_groups,
)
from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.stages.clean.tables import GROUP_COLUMNS
from tiltakseffekt.stages.exhibits.words import Labels
from tiltakseffekt.stages.registers.contract import ColumnContract, ColumnType, Contract, TableContract

#: Codebook with the meaning of the codes that the contract lists itself.
REGISTER_CODES: Final = "register_codes.csv"
COUNTY_UNITS: Final = "fylkesenhet.csv"
DIAGNOSES: Final = "diagnose.csv"

TITLE: Final = "Data dictionary of the registers"
GENERATED: Final = "Generated from config/registers.yaml, config/codebook and the labels by make config."

PRIVACY: Final = (
    "Nothing in the synthetic registers stems from a real person. No register, extract, sample or record went into "
    "them: each value is drawn from parameters in config, whose sources are printed tables, named with document and "
    'line; a parameter that no table gives is marked "chosen", with the reason.',
    "Persons, employers and NAV offices are numbers that the program counts out. There is nobody behind them to "
    "recognise, and a likeness to someone real is chance.",
    "This holds for the synthetic registers only. Extracts of real registers that keep the same contract are personal "
    "data.",
)

READING: Final = (
    "Each table is one file (employment.parquet, employment.csv) or a folder of parts (employment/, any file names). "
    "Columns beyond these are ignored and named in the receipt.",
    "Identifiers and codes are text, never numbers. Months are integers YYYYMM, years YYYY. A row that breaks what "
    "stands here is set aside with the reason and counted; a repair is done before, and counted too.",
    "Cleaning turns months into counts since January 2000 (0 = 2000-01), which is how every later table has them, and "
    "adds the columns marked as added.",
    "effektrapport_2024 is Effekter av arbeidsmarkedstiltak (Oslo Economics and Frischsenteret 2024); lines are those "
    "of its text version without blank lines.",
)

_KINDS: Final[Mapping[ColumnType, str]] = {
    "id": "identifier (text)",
    "code": "code (text)",
    "yearmonth": "month (YYYYMM)",
    "year": "year (YYYY)",
    "integer": "integer",
    "number": "number",
    "boolean": "true or false",
}
_LONGEST_SHOWN: Final = 20
_CLEAN_KINDS: Final[Mapping[ColumnType, str]] = {"yearmonth": "count of months since 2000-01"}


@dataclass(frozen=True)
class Code:
    """One code: what it means in Norwegian and English (empty where config has no word), its group and months."""

    code: str
    nb: str
    en: str = ""
    group: str = ""
    first: str = ""
    last: str = ""


@dataclass(frozen=True)
class CodeList:
    """The codes of a column, with their source."""

    column: str
    source: str
    codes: tuple[Code, ...]

    @property
    def long(self) -> bool:
        """Whether the list is folded until a reader asks for it."""
        return len(self.codes) > _LONGEST_SHOWN


@dataclass(frozen=True)
class ColumnEntry:
    """One column, in words.

    Parameters
    ----------
    has_codes
        Whether there is a code list of the column.
    cleaned
        What cleaning makes of it; empty when it stays.
    """

    name: str
    meaning: str
    kind: str
    unit: str = ""
    values: str = ""
    has_codes: bool = False
    nullable: bool = False
    cleaned: str = ""


@dataclass(frozen=True)
class TableEntry:
    """One table, in words.

    Parameters
    ----------
    rules
        What every row keeps to, or is set aside.
    repairs
        What becomes another value, and is counted.
    """

    name: str
    meaning: str
    source: str
    first: str
    last: str
    key: tuple[str, ...]
    columns: tuple[ColumnEntry, ...]
    rules: tuple[str, ...]
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dictionary:
    """All tables and code lists."""

    tables: tuple[TableEntry, ...]
    code_lists: tuple[CodeList, ...]


def build_dictionary(contract: Contract, codebooks: Codebooks, english: Mapping[str, Labels]) -> Dictionary:
    """Gather what the dictionary says.

    Parameters
    ----------
    contract
        The tables.
    codebooks
        Every file of ``config/codebook``.
    english
        The English words of each evaluation; the Norwegian ones are those of the codebooks.

    Raises
    ------
    FaultsFound
        With every code of the contract that no codebook explains.
    """
    lists: dict[str, CodeList] = {}
    faults: list[Fault] = []
    for table in contract.tables.values():
        for name, column in table.columns.items():
            if column.codebook:
                lists |= {codes.column: codes for codes in _CODEBOOK_LISTS[column.codebook](codebooks, english)}
            elif column.allowed:
                codes = lists.setdefault(name, _listed(name, codebooks))
                unexplained = len(set(column.allowed) - {code.code for code in codes.codes})
                rule = "codes of the contract are not explained"
                faults += [Fault(REGISTER_CODES, name, rule, unexplained, "Add them.")] if unexplained else []
    if faults:
        raise FaultsFound(faults)
    return Dictionary(tuple(_table(name, table) for name, table in contract.tables.items()), tuple(lists.values()))


def _table(name: str, table: TableContract) -> TableEntry:
    added = [
        ColumnEntry(added, f"Group of {code}", _KINDS["code"], has_codes=True, cleaned="added")
        for code, added in GROUP_COLUMNS.items()
        if code in table.columns
    ]
    return TableEntry(
        name=name,
        meaning=table.meaning,
        source=table.source,
        first=_moment(table.first),
        last=_moment(table.last),
        key=table.key,
        columns=(*(_column(key, column) for key, column in table.columns.items()), *added),
        rules=(*(rule.sentence for rule in table.row_rules.values()), *_months_of_codes(table)),
        repairs=(*(repair.sentence for repair in table.repairs.values()), *_successors(table)),
    )


def _months_of_codes(table: TableContract) -> list[str]:
    return [
        f"the month {column.in_use.at} lies within those of {key} in its code list, give or take {column.in_use.slack} "
        "months; where the list itself begins and ends it bounds nothing"
        for key, column in table.columns.items()
        if column.in_use
    ]


def _successors(table: TableContract) -> list[str]:
    return [
        f"a number of {key} that was replaced becomes its successor in config/codebook/{column.renumbered.codebook}, "
        "where the table knows the successor"
        for key, column in table.columns.items()
        if column.renumbered
    ]


def _column(name: str, column: ColumnContract) -> ColumnEntry:
    return ColumnEntry(
        name=name,
        meaning=column.meaning,
        kind=_KINDS[column.type],
        unit=column.unit or "",
        values=_values(column),
        has_codes=bool(column.codebook or column.allowed),
        nullable=column.nullable,
        cleaned=_CLEAN_KINDS.get(column.type, ""),
    )


def _values(column: ColumnContract) -> str:
    if column.pattern:
        return f"pattern {column.pattern}"
    number = _moment if column.type in ("yearmonth", "year") else _number
    return " to ".join(number(bound) for bound in (column.min, column.max) if bound is not None)


def _number(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ")


def _moment(value: float | None) -> str:
    """Write a year or a month (YYYYMM) as it is read; nothing for nothing."""
    digits = "" if value is None else f"{value:.0f}"
    return f"{digits[:4]}-{digits[4:]}" if len(digits) == 6 else digits


def _listed(column: str, codebooks: Codebooks) -> CodeList:
    frame = codebooks[REGISTER_CODES]
    rows = frame[frame["column"] == column]
    codes = tuple(Code(*row) for row in rows[["code", "label_nb", "label_en"]].itertuples(index=False))
    return CodeList(column, "; ".join(dict.fromkeys(rows["source"])), codes)


def _nav_group_lists(codebooks: Codebooks, english: Mapping[str, Labels]) -> list[CodeList]:
    frame = codebooks[NAV_GROUP_CODES]
    labels = dict(zip(frame["key"], frame["label"], strict=True))
    groups = nav_groups(codebooks)
    words = _words(english, "nav_groups")
    codes = tuple(Code(code, labels[key], words.get(key, ""), key) for code, key in groups.items())
    printed = "effektrapport_2024 lines 1018-1030 and 1117"
    return [
        CodeList("kvalifiseringsgruppe", f"groups: {printed}; codes: public source code of NAV", codes),
        CodeList("nav_group", printed, _group_codes(groups, labels, words)),
    ]


def _words(labels: Mapping[str, Labels], group: str) -> dict[str, str]:
    """Return the words of a group, of whichever evaluations have it."""
    return {key: word for one in labels.values() for key, word in one.groups.get(group, {}).items()}


def _measure_lists(codebooks: Codebooks, english: Mapping[str, Labels]) -> list[CodeList]:
    frame = codebooks[LABELS]
    labels = dict(zip(frame["key"], frame["label"], strict=True))
    groups = measure_groups(codebooks)
    rows = codebooks[MEASURE_CODES][["code", "name", "start", "stop"]].itertuples(index=False)
    codes = tuple(
        Code(code, name, group=groups[code], first=_month(start), last=_month(stop)) for code, name, start, stop in rows
    )
    printed = "effektrapport_2024 Tabell A-1, lines 3926-4144"
    note = f"{printed}; one row for each name of a code; no months where none are printed"
    return [
        CodeList("measure_code", note, codes),
        CodeList("measure", printed, _group_codes(groups, labels, _words(english, "measures"))),
    ]


def _county_units(codebooks: Codebooks, english: Mapping[str, Labels]) -> list[CodeList]:
    rows = codebooks[COUNTY_UNITS][["key", "label"]].itertuples(index=False)
    return [
        CodeList(
            "county_unit", "vlt_rapport Tabell 5-5, lines 1660-1671", tuple(Code(key, label, "") for key, label in rows)
        )
    ]


def _diagnoses(codebooks: Codebooks, english: Mapping[str, Labels]) -> list[CodeList]:
    rows = codebooks[DIAGNOSES][["code", "label"]].itertuples(index=False)
    printed = "vlt_rapport Tabell 5-1, lines 1383-1398; vta_kartlegging tabell 5, lines 845-864; the codes are chosen"
    return [CodeList("diagnosis", printed, tuple(Code(key, label, "") for key, label in rows))]


def _group_codes(
    groups: Mapping[str, str], norwegian: Mapping[str, str], english: Mapping[str, str]
) -> tuple[Code, ...]:
    return tuple(Code(key, norwegian[key], english.get(key, "")) for key in dict.fromkeys(groups.values()))


def _month(text: str) -> str:
    return _moment(float(text)) if text else ""


_CODEBOOK_LISTS: Final = {
    f"{NAV_GROUP_CODES}:arena_codes": _nav_group_lists,
    f"{MEASURE_CODES}:code": _measure_lists,
    f"{COUNTY_UNITS}:key": _county_units,
    f"{DIAGNOSES}:code": _diagnoses,
}
