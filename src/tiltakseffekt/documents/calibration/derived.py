"""Cells that compare two other cells: differences and ratios of shares and means."""

from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from tiltakseffekt.stages.description.cells import CELL, SUMS

_EFFEKTRAPPORT_2024: Final = "effektrapport_2024"


class Comparison(NamedTuple):
    """A cell that is one cell minus, or over, another: places are (panel, row_group, row, column, unit)."""

    document: str
    exhibit: str
    place: tuple[str, str, str, str, str]
    one: tuple[str, str, str, str, str]
    other: tuple[str, str, str, str, str]


_MEAN: Final = ("gjennomsnitt", "months")
_DIFFERENCES: Final = (
    Comparison(
        _EFFEKTRAPPORT_2024,
        "tabell-4-5",
        ("", "gruppe_innsats", "spesielt_tilpasset", "gjennomsnitt_forskjell_fra_situasjonsbestemt_innsats", "months"),
        ("", "gruppe_innsats", "spesielt_tilpasset", *_MEAN),
        ("", "gruppe_innsats", "situasjonsbestemt", *_MEAN),
    ),
    Comparison(
        _EFFEKTRAPPORT_2024,
        "tabell-4-5",
        ("", "gruppe_ledighet", "uten_arbeid_6_mnd", "gjennomsnitt_forskjell_fra_de_andre_gruppene", "months"),
        ("", "gruppe_ledighet", "uten_arbeid_6_mnd", *_MEAN),
        ("", "gruppe_ledighet", "de_andre_gruppene", *_MEAN),
    ),
    Comparison(
        _EFFEKTRAPPORT_2024,
        "figur-5-6",
        (
            *("lg3", "", "tilstand_arbeid_i_alt"),
            *("n24_maneder_forskjell_ikke_innvandrer_landgruppe_3", "percentage_points"),
        ),
        ("ikke_innvandrer", "", "tilstand_arbeid_i_alt", "m24", "percent"),
        ("lg3", "", "tilstand_arbeid_i_alt", "m24", "percent"),
    ),
)
_RATIOS: Final = (
    Comparison(
        _EFFEKTRAPPORT_2024,
        "tabell-4-5",
        ("", "gruppe_innsats", "spesielt_tilpasset", "n24_maneder_relativt_til_situasjonsbestemt_innsats", "ratio"),
        ("", "gruppe_innsats", "spesielt_tilpasset", "m24", "percent"),
        ("", "gruppe_innsats", "situasjonsbestemt", "m24", "percent"),
    ),
    Comparison(
        _EFFEKTRAPPORT_2024,
        "figur-5-3",
        ("arbeidsrettet_rehab", "", "i_arbeid_relativt_til_avklaring", "m0_24", "ratio"),
        ("arbeidsrettet_rehab", "", "tilstand_arbeid_i_alt", "m0_24", "percent"),
        ("avklaring", "", "tilstand_arbeid_i_alt", "m0_24", "percent"),
    ),
)


def compared_cells(values: pd.DataFrame) -> pd.DataFrame:
    """Return the differences and ratios, from cells with their ``value``; persons are those of the smaller cell."""
    rows = values.set_index(list(CELL))[["value", "count", "base"]].to_dict("index")
    derived = []
    for comparisons, operation in ((_DIFFERENCES, np.subtract), (_RATIOS, np.divide)):
        for comparison in comparisons:
            one, other = (
                rows[_EFFEKTRAPPORT_2024, comparison.exhibit, *place] for place in (comparison.one, comparison.other)
            )
            with np.errstate(divide="ignore", invalid="ignore"):
                value = float(operation(np.float64(one["value"]), np.float64(other["value"])))
            count, base = (min(one[name], other[name]) for name in ("count", "base"))
            derived.append(
                (comparison.document, comparison.exhibit, *comparison.place, np.nan, np.nan, count, base, value)
            )
    return pd.DataFrame(derived, columns=[*CELL, *SUMS, "value"])
