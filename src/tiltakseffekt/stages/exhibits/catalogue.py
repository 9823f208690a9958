"""The catalogue of exhibits: what each figure and table is made from and how it is drawn."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, TypeAdapter, ValidationError

from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.core.settings import MonthText, Settings
from tiltakseffekt.core.yaml_files import read_yaml

#: Files of the drawing of each kind of exhibit.
DRAWINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "figure": ("figure.svg", "figure.png"),
    "table": ("table.html", "table.md", "note.md"),
    "page": ("page.html", "note.md"),
}

#: The file of each exhibit that holds its tidy data.
TIDY_FILE: Final = "data.csv"


class Disclosure(Settings):
    """What disclosure control must know about an exhibit."""

    cells: Literal["persons", "mixed", "parameters"] = Field(
        "persons", description="Whether every cell rests on persons, some do, or none does"
    )
    margins: tuple[Literal["column", "row", "block", "panel"], ...] = Field(
        (),
        description="Directions in which sums of persons stand elsewhere; block: a column of a block of rows; "
        "panel: the same cell of all panels",
    )
    rounded: bool = Field(
        False,
        description="Whether persons behind numbers and shares leave rounded like those behind estimates, since the "
        "cells stand in another exhibit too, or exact ones would tell of persons who are in none",
    )
    sums: dict[str, str] = Field(
        default_factory=dict, description="Column that is the sum of others: its key to the beginning of theirs"
    )
    linked: tuple[Literal["column", "row"], ...] = Field(
        (),
        description="Directions in which cells are shown or hidden together, since what one hides can be read off the "
        "others",
    )
    steps: bool = Field(False, description="Whether the rows are steps, each with what it took and what remained")


class FigureLayout(Settings):
    """How a figure is drawn."""

    type: Literal[
        "interval_by_measure",
        "interval_panels",
        "dumbbell",
        "effect_panels",
        "fifth_panels",
        "path_panels",
        "survival_panels",
        "overlap_panels",
        "calibration_panels",
        "love_plot",
        "stream_panels",
        "calendar_lines",
        "calendar_panels",
        "alluvial",
        "waterfall",
        "tornado",
        "profitability",
        "value_curves",
        "state_areas",
        "stacked_bars",
        "paired_bars",
        "study_panels",
        "bound_panels",
        "gain_panels",
    ]
    scale: float = Field(1.0, gt=0, description="Values are divided by this before they are drawn")
    decimals: int = Field(0, ge=0, description="Decimals on the value axis")
    columns: int = Field(3, ge=1, description="Panels side by side")
    legend_columns: int = Field(3, ge=1, description="Columns of a legend that needs several lines")
    ticks: float | None = Field(None, gt=0, description="Distance of the ticks on the horizontal axis of panels")
    panel_height: float = Field(1.35, gt=0, description="Height of a panel, inches")
    open_rows: tuple[str, ...] = Field(
        (), description="Rows whose intervals do not decide on the axis of interval panels and may end in an arrow"
    )
    same_persons: bool = Field(
        False,
        description="Whether all rows of interval panels rest on the same persons, told above the panel",
    )
    reference: bool = Field(False, description="Whether the first row is what the others are held against")
    bands: bool = Field(False, description="Whether rows are bands of one curve, the second wider than the first")
    periods: dict[str, tuple[MonthText, MonthText]] = Field(
        default_factory=dict, description="Periods to mark on a calendar axis: key of the word to first and last month"
    )


class TableLayout(Settings):
    """How a table is laid out."""

    type: Literal["plain", "panels_across", "panels_stacked", "estimates"]
    decimals: dict[str, int] = Field(default_factory=dict, description="Decimals by unit, where not the usual")
    fold: int | None = Field(None, ge=1, description="Most value columns side by side on paper; further ones go below")
    stub: str = Field("", description="Key of the heading of the row labels")
    sentences: bool = Field(False, description="Whether the cells are sentences, set from the left")


class PageLayout(Settings):
    """How a page is set."""

    decimals: dict[str, int] = Field(default_factory=dict, description="Decimals by unit, where not the usual")


class _Entry(Settings):
    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    builder: str = Field(pattern=r"^tiltakseffekt(\.[a-z0-9_]+)+:[a-z0-9_]+$")
    inputs: dict[str, str] = Field(
        default_factory=dict,
        description="Keyword of the builder: stage/table, stage/table@variant (@none: of no evaluation), "
        "exhibits/id or exhibits/evaluation/id (data of another exhibit, before the gate), or a file of config/",
    )
    settings: dict[str, str] = Field(
        default_factory=dict, description="Keyword of the builder: path of a setting, or path@variant"
    )
    arms: bool = Field(False, description="Whether the builder is handed the arms of the evaluation")
    facts: dict[str, str] = Field(
        default_factory=dict, description="Name in the words: path of a setting, or path@variant"
    )
    labels: tuple[str, ...] = Field(description="Groups of labels that the drawing uses")
    chapter: str
    source: str = Field(description="Where the printed original stands, or why the exhibit exists")
    stands_for: str | None = Field(
        None, pattern=r"^(Figur|Tabell) [A-Z0-9]+-\d+$", description="The printed exhibit that it is the counterpart of"
    )
    disclosure: Disclosure = Field(default_factory=Disclosure)
    states_rules: bool = Field(False, description="Whether it states definitions, without registers")
    printed: bool = Field(False, description="Whether it is computed from printed numbers alone, without registers")
    public: bool = Field(False, description="Whether it is computed from public data alone, without registers")

    @property
    def rule_name(self) -> str:
        """Name of the rule that builds the exhibit."""
        return self.id.replace("-", "_")


class FigureEntry(_Entry):
    """A figure of the catalogue."""

    kind: Literal["figure"]
    layout: FigureLayout


class TableEntry(_Entry):
    """A table of the catalogue."""

    kind: Literal["table"]
    layout: TableLayout


class PageEntry(_Entry):
    """A page of the catalogue, on which a reader moves assumptions; it lies beside the report."""

    kind: Literal["page"]
    layout: PageLayout


AnyEntry = FigureEntry | TableEntry | PageEntry
Entry = Annotated[AnyEntry, Field(discriminator="kind")]
_ENTRIES: Final[TypeAdapter[list[AnyEntry]]] = TypeAdapter(list[Entry])
_ENTRY: Final[TypeAdapter[AnyEntry]] = TypeAdapter(Entry)


def load_catalogue(path: str | Path) -> tuple[AnyEntry, ...]:
    """Read the catalogue.

    Raises
    ------
    FaultsFound
        If entries have unknown or missing keys, or two entries share an id; all of them.
    """
    file = Path(path)
    raw = read_yaml(file)
    try:
        entries = _ENTRIES.validate_python(raw)
    except ValidationError as error:
        raise FaultsFound(
            [
                Fault(file.name, ".".join(map(str, fault["loc"])), fault["msg"], 1, "Mend the entry")
                for fault in error.errors()
            ]
        ) from None
    ids = [entry.id for entry in entries]
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        raise FaultsFound([Fault(file.name, name, "id stands more than once", 1, "Rename one") for name in twice])
    return tuple(entries)


def parse_entry(raw: Mapping[str, object]) -> AnyEntry:
    """Return the catalogue entry that was written out as plain values."""
    return _ENTRY.validate_python(raw)


#: Stages whose tables belong to no evaluation.
_SHARED: Final = ("clean", "documents")
#: What stands for the stage in a reference to another exhibit.
_EXHIBITS: Final = "exhibits"
#: The variant of a reference to a table that belongs to no evaluation, in a stage where others do.
_NO_VARIANT: Final = "none"


def _path(reference: str, root: Path, evaluation: str) -> str:
    if reference.startswith("config/"):
        return str(root / reference)
    stage, _, name = reference.partition("/")
    if stage == _EXHIBITS:
        return f"results/exhibits/{name if '/' in name else f'{evaluation}/{name}'}/{TIDY_FILE}"
    table, _, variant = name.partition("@")
    if stage in _SHARED or variant == _NO_VARIANT:
        return f"results/{stage}/{table}.parquet"
    return f"results/{stage}/{evaluation}/{variant or 'main'}/{table}.parquet"


def input_paths(entry: AnyEntry, root: Path, evaluation: str) -> dict[str, str]:
    """Return the file behind each input of an entry, by keyword of its builder.

    Parameters
    ----------
    entry
        An entry of the catalogue.
    root
        Folder of the project, in which ``config`` lies.
    evaluation
        The evaluation whose tables and exhibits the entry means, unless a reference names another.
    """
    return {keyword: _path(reference, root, evaluation) for keyword, reference in entry.inputs.items()}
