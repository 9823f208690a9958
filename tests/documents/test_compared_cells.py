"""One comparison of a printed number with ours: differences in three units, and the verdict."""

import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.documents.comparison import enough, judge, sampling_error


def cell(**changes):
    given = {"relation": "equal", "printed": 10.0, "ours": 10.0, "step": 1.0, "se": np.nan, "reason": ""}
    return pd.DataFrame([{"unit": "percent", "count": 50.0, "base": 400.0, **given, **changes}])


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"ours": 10.5}, "innen_avrunding"),
        ({"ours": 10.51}, "avvik_utover"),
        ({"ours": 0.3, "printed": 0.2, "step": 0.2}, "innen_avrunding"),
        # 1.96 standard errors and half a unit of rounding.
        ({"ours": 14.42, "se": 2.0}, "innen_utvalgsfeil"),
        ({"ours": 14.43, "se": 2.0}, "avvik_utover"),
        ({"ours": 13.92, "se": 2.0, "step": np.nan}, "innen_utvalgsfeil"),
        # Without a unit of rounding nothing is within it.
        ({"step": np.nan}, "avvik_utover"),
        ({"step": np.nan, "se": 0.0}, "avvik_utover"),
        ({"ours": 17.0, "relation": "at_least"}, "innen_avrunding"),
        ({"ours": 7.0, "relation": "at_least"}, "avvik_utover"),
        ({"ours": 7.0, "relation": "at_most"}, "innen_avrunding"),
        ({"ours": 17.0, "relation": "about"}, "avvik_utover"),
        ({"reason": "money"}, "money"),
    ],
)
def test_the_verdict_is_the_nearest_that_holds_or_the_reason(changes, verdict):
    assert judge(cell(**changes))["verdict"].item() == verdict


def test_differences_are_told_in_the_unit_in_roundings_and_in_standard_errors():
    judged = judge(cell(ours=7.0, step=0.5, se=1.5)).iloc[0]
    assert (judged["difference"], judged["difference_in_steps"], judged["difference_in_se"]) == (-3, -6, -2)


def test_words_agree_or_do_not():
    words = pd.concat([cell(printed=np.nan, ours=np.nan, step=np.nan, unit="text")] * 2, ignore_index=True)
    assert judge(words, pd.Series([True, False]))["verdict"].tolist() == ["innen_avrunding", "avvik_utover"]


def test_the_sampling_error_follows_the_unit():
    assert sampling_error(cell(printed=20.0, base=1600.0)).item() == pytest.approx(1.0)
    assert sampling_error(cell(printed=20.0, base=np.nan)).isna().item()
    assert sampling_error(cell(ours=2500.0, count=100.0, unit="persons")).item() == pytest.approx(250)
    assert sampling_error(cell(ours=0.0, count=0.0, unit="persons")).item() == 0
    assert sampling_error(cell(se=0.52, unit="months")).item() == 0.52


def test_a_few_numbers_have_no_median():
    numbers = pd.Series([1.0, 3.0])
    assert enough(numbers, 2).median() == 2
    assert np.isnan(enough(numbers, 3).median())
