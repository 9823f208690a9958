"""Which cells rest on too few, with each answer to what a zero is."""

import pandas as pd
import pytest

from tiltakseffekt.stages.exhibits.few import Zeros, too_few

#: Persons in the cell and in its group; whether they are too few; which answer decides.
CELLS = (
    (4, None, True, None),
    (5, None, False, None),
    (0, None, False, "nobody"),
    (0, 100, False, "nobody"),
    (97, 100, True, None),
    (95, 100, False, None),
    (100, 100, False, "everybody"),
    (0, 4, True, None),
    (3, 0, True, "no_group"),
    (12, 0, False, "no_group"),
    (12, 10, False, None),
    (None, None, False, None),
)


@pytest.mark.parametrize("dtype", ["Int64", "float64"])
@pytest.mark.parametrize("answer", [None, "nobody", "everybody", "no_group"])
def test_each_zero_has_its_own_answer(answer, dtype):
    count, base, few, decided_by = (pd.Series(values) for values in zip(*CELLS, strict=True))
    zeros = Zeros(**{name: name == answer for name in ("nobody", "everybody", "no_group")})
    expected = few | (decided_by == answer)
    assert too_few(count.astype(dtype), base.astype(dtype), 5, zeros).tolist() == expected.tolist()


def test_no_threshold_but_zeros_is_that_of_one_person():
    count, base = pd.Series([0, 1]), pd.Series([10, 10])
    assert too_few(count, base, 1, Zeros.all(False)).tolist() == [False, False]
    assert too_few(count, base, 1, Zeros.all(True)).tolist() == [True, False]
