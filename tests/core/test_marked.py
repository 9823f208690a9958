"""A generated block is written between its marks, or refused where a mark is lost."""

import pytest

from tiltakseffekt.core.marked import END, with_block

BEGIN = "<!-- begin -->"


def test_the_block_is_written_anew_and_the_rest_stays():
    page = with_block(f"head\n{BEGIN}\nstale\n{END}\nfoot\n", BEGIN, "fresh")
    assert page == f"head\n{BEGIN}\n\nfresh\n\n{END}\nfoot\n"
    assert with_block(page, BEGIN, "fresh") == page


@pytest.mark.parametrize("page", [f"head\n{END}\n", f"head\n{BEGIN}\n", f"{END}{BEGIN}"])
def test_a_page_without_a_mark_is_refused(page):
    with pytest.raises(ValueError, match="lost the marks"):
        with_block(page, BEGIN, "fresh")
