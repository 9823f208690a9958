"""Data of the exhibits about registered persons and measures: chapters 4 and 5 and annex B of effektrapport_2024.

Every builder picks cells of DESCRIPTION_SUMS and reads off their values; what is counted is decided in the stage
``description``.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import pandas as pd

from tiltakseffekt.core import keys
from tiltakseffekt.core.arms import Arms
from tiltakseffekt.evaluations.tiltakseffekter.registrations import common_paths
from tiltakseffekt.stages.description.cells import COUNTED
from tiltakseffekt.stages.description.courses import FIRST_MEASURE, JOINED, KINDS, OTHER_MEASURES, PAIR, SEQUENCE
from tiltakseffekt.stages.description.people import GROUPINGS, MEASURE_GROUPS
from tiltakseffekt.stages.description.registrations import CUMULATIVE_MONTHS
from tiltakseffekt.stages.description.starts import STARTS_BY
from tiltakseffekt.stages.description.states import FIRST_PANELS, STATES
from tiltakseffekt.stages.exhibits.tidy import tidy

_GROUPS: Final = (*keys.NAV_GROUPS, keys.NOT_REGISTERED)
#: Blocks of rows with their rows in the order in which they are shown.
_ROWS: Final = {**GROUPINGS, "gruppe_innsats": _GROUPS}
_ALL_BLOCKS: Final = tuple(GROUPINGS)
#: Blocks of the tables that leave out sex and education.
_FEW_BLOCKS: Final = ("gruppe_innsats", "gruppe_alder", "gruppe_innvandring", "gruppe_ledighet")
_AFTER: Final = tuple(f"m{month}" for month in CUMULATIVE_MONTHS)
_EVERYONE: Final = "alle"
_MOST_COMMON_PAIRS, _MOST_COMMON_SEQUENCES, _LONGEST_SEQUENCE = 10, 15, 3


def _measures(arms: Arms) -> tuple[str, ...]:
    """Return measures in the order of all exhibits: those of the effect analysis, then the others, then the rest."""
    others = (key for key in MEASURE_GROUPS if key not in arms.treated)
    return (*arms.measures, *others, arms.small_groups)


def registrerte(sums: pd.DataFrame) -> pd.DataFrame:
    """Persons at first registration, and all registered months, by characteristic.

    Parameters
    ----------
    sums
        DESCRIPTION_SUMS; so for every builder here.
    """
    columns = ("forste_registrering", "alle_registrerte")
    return _table(_heads("tabell-4-2", sums, columns), _blocks("tabell-4-2", sums, columns, _ALL_BLOCKS))


def tiltaksandel(sums: pd.DataFrame) -> pd.DataFrame:
    """Share that has been on a measure, by months since first registration and characteristic."""
    columns = ("n", *_AFTER)
    everyone = _cells("tabell-4-3", sums, row=_EVERYONE, column=columns)
    return _table(everyone, _blocks("tabell-4-3", sums, columns, _FEW_BLOCKS))


def deltakere(sums: pd.DataFrame) -> pd.DataFrame:
    """Starts, first and later, and participants in all months, by characteristic."""
    columns = (
        *("forste_oppstartede_tiltak", "ovrige_oppstartede_tiltak", "alle_oppstartede_tiltak"),
        "alle_tiltaksdeltakere_hver_maned",
    )
    return _table(_heads("tabell-4-4", sums, columns), _blocks("tabell-4-4", sums, columns, _ALL_BLOCKS))


def varighet(sums: pd.DataFrame) -> pd.DataFrame:
    """Months on the first measure, and share on any measure by month after its start."""
    columns = ("n", "gjennomsnitt", *_AFTER)
    everyone = _cells("tabell-4-5", sums, row=_EVERYONE, column=columns)
    return _table(everyone, _blocks("tabell-4-5", sums, columns, _FEW_BLOCKS))


def lop(sums: pd.DataFrame) -> pd.DataFrame:
    """Courses of measures by kind: number, share and length."""
    rows = (*KINDS.values(), "i_alt")
    chosen = _cells("tabell-4-6", sums, row=rows, column=("antall_tiltakslop", "varighet_pa_tiltakslop"))
    named = chosen.assign(column=chosen["column"].where(chosen["unit"] != "percent", "andel"))
    return _table(_ordered(named, row=rows, column=("antall_tiltakslop", "andel", "varighet_pa_tiltakslop")))


def kombinasjoner(sums: pd.DataFrame) -> pd.DataFrame:
    """Pairs of measures on which persons are in the same month: the most common."""
    return _most_common(sums, "tabell-4-7", PAIR, "antall_tiltaksmaneder", _MOST_COMMON_PAIRS)


def kjeder(sums: pd.DataFrame) -> pd.DataFrame:
    """Sequences of measures in chains: the most common."""
    return _most_common(sums, "tabell-4-8", SEQUENCE, "antall_oppstartede_tiltak", _MOST_COMMON_SEQUENCES)


def tiltaksmaneder(sums: pd.DataFrame) -> pd.DataFrame:
    """Share of registered months on a measure, by characteristic."""
    return _table(_blocks("tabell-b-1", sums, ("tiltaksintensitet",), _ALL_BLOCKS))


def personer_bak_tilstandene(sums: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Persons behind the figures of states, by first measure."""
    chosen = _cells("tabell-b-2", sums, row=_measures(arms), column=("n",))
    return _table(chosen.loc[chosen["count"] > 0])


def figur_tid_registrert(sums: pd.DataFrame) -> pd.DataFrame:
    """Where persons are in each month after first registration, per cent."""
    return _table(_by_month(sums, "figur-4-2", row=_GROUPS))


def figur_oppstart_to_ar(sums: pd.DataFrame) -> pd.DataFrame:
    """Persons who start on a measure within two years, and who do not, by first group."""
    shares = _cells("figur-4-4", sums, row=keys.NAV_GROUPS, column=("begynt_pa_tiltak_innen_24_maneder",))
    parts = {"tiltak": shares["count"], "ikke_tiltak": shares["base"] - shares["count"]}
    counted = shares[["row"]].assign(unit="persons")
    return _table(
        *(
            counted.assign(column=column, value=number.astype("float64"), count=number)
            for column, number in parts.items()
        )
    )


def figur_tiltaksandel(sums: pd.DataFrame) -> pd.DataFrame:
    """Share that has been on a measure by month after first registration, a line per first group."""
    return _table(_by_month(sums, "figur-4-5", row=keys.NAV_GROUPS))


def figur_gruppe_ved_oppstart(sums: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Group at first registration (``row``) and at the start of the first measure (``column``).

    Parameters
    ----------
    sums
        DESCRIPTION_SUMS.
    threshold
        Fewest persons who make a move; see `common_paths`.
    """
    start = "ved_oppstart"
    moves = _cells("figur-4-6", sums, row=keys.NAV_GROUPS, column=_GROUPS)
    paths = moves.loc[moves["count"] > 0].rename(columns={"row": "m0", "column": start, "count": "n"})
    kept = common_paths(paths[["m0", start, "n"]], threshold, [("m0", start)])
    named = kept.rename(columns={"m0": "row", start: "column", "n": "count"})
    return tidy(named.assign(panel=start, value=kept["n"].astype("float64"), unit="persons"))


def figur_tiltak_i_bruk(sums: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Each measure's share of starts and of months on measures."""
    return _table(_some(_cells("figur-4-7", sums, row=_measures(arms), column=_SHARES_OF_ALL)))


_SHARES_OF_ALL: Final = ("andel_av_oppstartede_tiltak", "andel_av_tiltaksmaneder")


def figur_varighet_av_lop(sums: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Mean months on measures within two years of the start of a course, by the measure that begins it."""
    return _table(_some(_cells("figur-4-8", sums, row=_measures(arms), column=(FIRST_MEASURE, OTHER_MEASURES))))


def figur_tiltaksmaneder(sums: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Months on each measure by year, a panel per measure and one for all."""
    chosen = _cells("figur-4-9", sums, row=(*_measures(arms), "i_alt"))
    chosen = _some(chosen.loc[chosen["unit"] == "person_months"])
    year = chosen["column"].str.removeprefix("y").astype("float64")
    by_year = chosen.assign(panel=chosen["row"], column="", x=year).sort_values("x", kind="stable")
    return _table(_ordered(by_year, row=(*_measures(arms), "i_alt")))


def figur_deltakere(sums: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Starts of one year by measure and group, a panel per characteristic."""
    panels = [
        _some(_cells("figur-4-10", sums, panel=(panel,), row=_measures(arms), column=_ROWS[block]))
        for panel, block in STARTS_BY.items()
    ]
    counted = [cells.loc[cells.groupby("column")["count"].transform("sum") > 0] for cells in panels]
    return _table(*counted)


def figur_tilstander_alle(sums: pd.DataFrame) -> pd.DataFrame:
    """State of all starters in each month after the start of the first measure."""
    return _states(sums, "figur-5-1", ("alle_tiltaksdeltakere",)).assign(panel="")


def figur_tilstander_arbeid_opplaring(sums: pd.DataFrame) -> pd.DataFrame:
    """States by first measure: those after which work is most common in the document."""
    return _states(sums, "figur-5-2", FIRST_PANELS)


def figur_tilstander_andre(sums: pd.DataFrame) -> pd.DataFrame:
    """States by first measure: the other measures."""
    shown = ("oppfolging", "utvidet_oppfolging", "aft", "ips", "avklaring", "arbeidsrettet_rehab")
    return _states(sums, "figur-5-3", shown)


def figur_tilstander_nav_gruppe(sums: pd.DataFrame) -> pd.DataFrame:
    """States by NAV group at the start; varig tilpasset, annen gruppe and not registered are few (line 1922)."""
    return _states(sums, "figur-5-4", (*keys.ENTRY_GROUPS, "sykmeldt"))


def figur_tilstander_alder(sums: pd.DataFrame) -> pd.DataFrame:
    """States by age at the start."""
    return _states(sums, "figur-5-5", keys.AGE_GROUPS)


def figur_tilstander_landgruppe(sums: pd.DataFrame) -> pd.DataFrame:
    """States by landgruppe."""
    return _states(sums, "figur-5-6", keys.LANDGRUPPER)


def figur_tilstander_ledighet(sums: pd.DataFrame) -> pd.DataFrame:
    """States by work before and at the start."""
    return _states(sums, "figur-5-7", keys.LEDIGHETSKATEGORIER)


def figur_lonn_etter_oppstart(sums: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Share with any wage by month after the start of the first measure: each measure beside all."""
    return _beside_all(sums, "figur-b-1", "andel_med_positiv_manedsinntekt", arms=arms)


def figur_aap_etter_oppstart(sums: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Share with AAP by month after the start of the first measure: each measure beside all."""
    return _beside_all(sums, "figur-b-2", "andel_som_mottar_aap", arms=arms)


def _cells(exhibit: str, sums: pd.DataFrame, **places: Sequence[str]) -> pd.DataFrame:
    """Return the cells of an exhibit at places (by key column) with their values, in the order of the places."""
    chosen = sums.loc[sums["exhibit"] == exhibit]
    for name, wanted in places.items():
        chosen = chosen.loc[chosen[name].isin([wanted] if isinstance(wanted, str) else wanted)]
    ratio = chosen["numerator"] / chosen["denominator"].where(chosen["denominator"] != 0)
    value = ratio * np.where(chosen["unit"] == "percent", 100, 1)
    valued = chosen.assign(
        value=value.where(~chosen["unit"].isin(COUNTED), chosen["numerator"]),
        count=chosen["count"].round().astype("Int64"),
        base=chosen["base"].round().astype("Int64").where(chosen["unit"] == "percent"),
    )
    return _ordered(valued, **{name: wanted for name, wanted in places.items() if not isinstance(wanted, str)})


def _ordered(cells: pd.DataFrame, **places: Sequence[str]) -> pd.DataFrame:
    """Sort cells by place: the first named first."""
    order = {f"_{name}": cells[name].map({key: at for at, key in enumerate(found)}) for name, found in places.items()}
    return cells.assign(**order).sort_values(list(order), kind="stable").drop(columns=list(order))


def _heads(exhibit: str, sums: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return the rows of sizes: numbers, and shares of all."""
    chosen = _cells(exhibit, sums, row=("n",), column=columns)
    share = chosen["unit"] == "percent"
    return pd.concat([chosen.loc[~share], chosen.loc[share].assign(row="andel_av_alle")])


def _blocks(exhibit: str, sums: pd.DataFrame, columns: Sequence[str], blocks: Iterable[str]) -> pd.DataFrame:
    """Return blocks of rows; a row in which nobody is stands only where it is no category of unknowns."""
    return pd.concat(
        [_some(_cells(exhibit, sums, row_group=(block,), row=_ROWS[block], column=columns)) for block in blocks]
    )


def _some(cells: pd.DataFrame) -> pd.DataFrame:
    """Leave out rows in which there is nobody."""
    return cells.loc[cells.groupby("row")["count"].transform("sum") > 0]


def _by_month(sums: pd.DataFrame, exhibit: str, **places: Sequence[str]) -> pd.DataFrame:
    """Return cells of single months with the month as position, in order within each place."""
    chosen = _cells(exhibit, sums, **places)
    chosen = chosen.loc[chosen["column"].str.fullmatch(r"m\d+") & (chosen["unit"] == "percent")]
    months = chosen.assign(x=chosen["column"].str.removeprefix("m").astype("float64"), column="")
    return _ordered(months.sort_values("x", kind="stable"), **places)


def _states(sums: pd.DataFrame, exhibit: str, panels: Sequence[str]) -> pd.DataFrame:
    return _table(_by_month(sums, exhibit, panel=panels, row=STATES))


def _beside_all(sums: pd.DataFrame, exhibit: str, block: str, arms: Arms) -> pd.DataFrame:
    """Return a panel per measure that anybody starts with: its participants, and those of all measures."""
    months = _by_month(sums, exhibit, row_group=(block,), row=(*_measures(arms), "alle_tiltaksdeltakere"))
    months = months.loc[months["base"] > 0].assign(row_group="")
    own = months.loc[months["row"] != "alle_tiltaksdeltakere"].assign(panel=lambda cells: cells["row"])
    everyone = months.drop(columns="panel").loc[months["row"] == "alle_tiltaksdeltakere"]
    beside = own[["panel"]].drop_duplicates().merge(everyone, how="cross")
    return _table(own.assign(row="tiltaksdeltakere"), beside)


def _most_common(sums: pd.DataFrame, exhibit: str, block: str, column: str, number: int) -> pd.DataFrame:
    """Return the largest numbers of a block with their share of the whole; ties by key."""
    counted = _cells(exhibit, sums, row_group=block, column=column)
    whole = _cells(exhibit, sums, row="i_alt", column=column).iloc[0]
    short = counted.loc[counted["row"].str.count(f"[{JOINED}]") < _LONGEST_SEQUENCE]
    largest = short.sort_values(["value", "row"], ascending=[False, True]).head(number).assign(row_group="")
    share = largest.assign(
        column="andel", unit="percent", value=100 * largest["value"] / whole["value"], base=whole["count"]
    )
    return _table(largest, share)


def _table(*parts: pd.DataFrame) -> pd.DataFrame:
    """Return cells as tidy data."""
    names = ["panel", "row_group", "row", "column", "x", "value", "unit", "count", "base"]
    table = pd.concat(parts, ignore_index=True)
    return tidy(table[[name for name in names if name in table]])
