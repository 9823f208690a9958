"""Documents of which a part between two marks is generated."""

from typing import Final

#: The mark after which hand-written text goes on.
END: Final = "<!-- end of what is generated -->"


def with_block(document: str, begin: str, block: str) -> str:
    """Return a document with the block between its marks written anew.

    Parameters
    ----------
    document
        Text that holds the mark `begin` and, after it, `END`.
    begin, block
        The mark before the block, and what shall stand there.

    Raises
    ------
    ValueError
        If a mark is missing.
    """
    before, found, rest = document.partition(begin)
    _, end, after = rest.partition(END)
    if not (found and end):
        raise ValueError("the chapter has lost the marks of its generated block")
    return f"{before}{begin}\n\n{block}\n\n{END}{after}"
