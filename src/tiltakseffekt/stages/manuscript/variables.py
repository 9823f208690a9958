"""The values that the text may mention: cells of exported exhibits, settings, origin of the data, version."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from tiltakseffekt.stages.exhibits.catalogue import AnyEntry, TableEntry
from tiltakseffekt.stages.exhibits.labels import SUPPRESSED
from tiltakseffekt.stages.exhibits.tidy import read_tidy
from tiltakseffekt.stages.manuscript.numbers import NOTHING, number, spoken
from tiltakseffekt.stages.manuscript.sources import exhibits_used, variables_used

LANGUAGES: Final = ("nb", "en")
KEYS: Final = ("panel", "row_group", "row", "column")
#: Settings whose digits are a name and no amount: no thousands sign.
NAMES: Final = re.compile(r"seed|(.+_)?year")
NUMBERS: Final = ("value", "low", "high", "se")


def unusual_decimals(catalogue: Iterable[AnyEntry]) -> dict[str, dict[str, int]]:
    """Return, by exhibit, the decimals of units that its table writes in another way than usual."""
    return {entry.id: entry.layout.decimals for entry in catalogue if isinstance(entry, TableEntry)}


def _in_both(write: Callable[[str], str]) -> dict[str, str]:
    return {language: write(language) for language in LANGUAGES}


def cell_variables(data: pd.DataFrame, decimals: Mapping[str, int]) -> dict[str, Any]:
    """Return the cells of one exported exhibit as nested values: row, column, then ``nb`` and ``en``.

    The path to a cell is made of the keys that are not empty. Points on a numeric axis and cells that share their
    path with another one are left out: they have no name. ``low``, ``high`` and ``se`` stand beside the languages.
    """
    text = data[list(KEYS)].fillna("").astype("str")
    named = data["x"].isna() & ~text.duplicated(keep=False)
    tree: dict[str, Any] = {}
    for position in named.index[named]:
        branch = tree
        for key in filter(None, text.loc[position]):
            branch = branch.setdefault(key, {})
        cell = data.loc[position]
        for name in NUMBERS:
            if name != "value" and pd.isna(cell[name]):
                continue
            leaf = branch if name == "value" else branch.setdefault(name, {})
            for language in LANGUAGES:
                leaf[language] = number(cell[name], cell["unit"], language, decimals)
        if pd.isna(cell["value"]) and pd.notna(cell["text"]):
            branch.update(dict.fromkeys(LANGUAGES, NOTHING if cell["text"] == SUPPRESSED else str(cell["text"])))
    return tree


def setting_variables(settings: Any) -> Any:
    """Return nested settings with each scalar in both languages."""
    if isinstance(settings, Mapping):
        return {
            str(key): dict.fromkeys(LANGUAGES, str(value)) if NAMES.fullmatch(str(key)) else setting_variables(value)
            for key, value in settings.items()
        }
    if isinstance(settings, list | tuple):
        return _in_both(lambda language: ", ".join(spoken(value, language) for value in settings))
    return _in_both(lambda language: spoken(settings, language))


def _keys_in(tree: Mapping[str, Any]) -> set[str]:
    branches = [branch for branch in tree.values() if isinstance(branch, Mapping)]
    return set(tree).union(*map(_keys_in, branches))


def fill_absent(cells: dict[str, Any], used: Sequence[str], arms: Sequence[str]) -> list[str]:
    """Give an en dash to what the text mentions of exhibits without any cell and of arms that nobody started.

    Returns
    -------
    list of str
        The names filled. Any other name without a value is a mistake in the text, which rendering reports.
    """
    absent = {exhibit: set(arms) - _keys_in(tree) for exhibit, tree in cells.items()}
    filled = []
    for path in used:
        exhibit, *keys = path.split(".")
        if exhibit in cells and (not cells[exhibit] or absent[exhibit] & set(keys)):
            filled.append(path)
    for path in filled:
        exhibit, *keys = path.split(".")
        branch = cells[exhibit]
        for key in keys[:-1]:
            branch = branch.setdefault(key, {})
        branch[keys[-1]] = NOTHING
    return filled


def variables(
    exported: Sequence[str | Path],
    sources: Sequence[str | Path],
    arms: Sequence[str],
    decimals: Mapping[str, Mapping[str, int]],
    settings: Mapping[str, Any],
    words: Mapping[str, Any],
    version: str,
) -> dict[str, Any]:
    """Return the content of ``_variables.yml``.

    Parameters
    ----------
    exported
        ``data.csv`` files of exported exhibits, each in a folder that bears the name of its exhibit.
    sources
        Sources of the manuscript.
    arms
        Measures of the evaluation: what the text mentions of those that nobody started is a dash.
    decimals
        By exhibit, decimals of units where not the usual ones: text and table write a number alike.
    settings
        The settings that the text may mention, nested; ``effects.confidence`` among them.
    words
        What to say of the origin of the registers, by name and language.
    version
        Version of the code.

    Returns
    -------
    dict
        One branch per exhibit (``figur_alder`` for ``figur-alder``), and ``settings``, ``data``, ``code``.
    """
    cells: dict[str, Any] = {exhibit.replace("-", "_"): {} for exhibit in exhibits_used(sources)}
    for path in map(Path, exported):
        cells[path.parent.name.replace("-", "_")] = cell_variables(read_tidy(path), decimals.get(path.parent.name, {}))
    fill_absent(cells, variables_used(sources), arms)
    percent = round(100 * settings["effects"]["confidence"], 6)
    confidence = {"confidence_percent": _in_both(lambda language: spoken(percent, language))}
    return {
        **cells,
        "settings": setting_variables(settings) | confidence,
        "data": dict(words),
        "code": {"version": version},
    }
