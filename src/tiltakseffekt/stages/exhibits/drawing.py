"""From tidy data and words to the files that a reader opens.

What draws figures, tables and pages is imported by those that need it: an exhibit that does not run warm
(`workflow/warm.py`) takes longer to load it than to draw.
"""

from pathlib import Path

import pandas as pd

from tiltakseffekt.core.files import atomic_path
from tiltakseffekt.stages.exhibits.catalogue import AnyEntry, FigureEntry, PageEntry
from tiltakseffekt.stages.exhibits.labels import Text, check_words


def nothing_to_show(data: pd.DataFrame, entry: AnyEntry) -> bool:
    """Return whether data hold no value to plot, or (a table) no cell at all."""
    return bool(data["value"].isna().all()) and (isinstance(entry, FigureEntry) or bool(data["text"].eq("").all()))


def draw(data: pd.DataFrame, entry: AnyEntry, text: Text) -> dict[str, bytes]:
    """Draw an exhibit; one without anything to show becomes a placeholder that says so.

    Parameters
    ----------
    data
        Tidy data.
    entry
        Its entry in the catalogue.
    text
        Its words.

    Returns
    -------
    dict of str to bytes
        The files of its drawing by name.

    Raises
    ------
    FaultsFound
        If keys of the data have no label.
    """
    if nothing_to_show(data, entry):
        return draw_placeholder("empty", entry, text)
    check_words(data, text, entry.id)
    if isinstance(entry, FigureEntry):
        from tiltakseffekt.stages.exhibits.figures import draw_figure

        return draw_figure(data, entry.layout, text)
    if isinstance(entry, PageEntry):
        from tiltakseffekt.stages.exhibits.page import draw_page

        return draw_page(data, text)
    from tiltakseffekt.stages.exhibits.tables import draw_table

    return draw_table(data, entry.layout, text, entry.id)


def draw_placeholder(reason: str, entry: AnyEntry, text: Text) -> dict[str, bytes]:
    """Draw the placeholder of an exhibit that is refused or empty."""
    words = text.placeholders[reason]
    if isinstance(entry, PageEntry):
        from tiltakseffekt.stages.exhibits.page import page_notice

        return page_notice(words, text)
    if isinstance(entry, FigureEntry):
        from tiltakseffekt.stages.exhibits.figures import draw_notice

        return draw_notice(words, text)
    from tiltakseffekt.stages.exhibits.tables import write_notice

    return write_notice(words, text)


def write_files(files: dict[str, bytes], folder: str | Path) -> None:
    """Write the files of a drawing into a folder, each atomically."""
    for name, content in files.items():
        with atomic_path(Path(folder) / name) as beside:
            beside.write_bytes(content)
