import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.duration.survfunc import SurvfuncRight

from tiltakseffekt.stages.cohorts.survival import kaplan_meier


def counts(*rows):
    return pd.DataFrame(rows, columns=["months", "ended", "n"]).astype({"ended": bool})


def test_the_estimate_by_hand():
    """Ten begin; two end in month 1, one is censored in month 2 after one ended; in month 4 three of six end."""
    curve = kaplan_meier(counts((1, True, 2), (2, True, 1), (2, False, 1), (4, True, 3), (4, False, 3)), 0.95)
    assert curve["month"].tolist() == [1, 2, 3, 4]
    assert curve["at_risk"].tolist() == [10, 8, 6, 6]
    assert curve["ended"].tolist() == [2, 1, 0, 3]
    assert curve["censored"].tolist() == [0, 1, 0, 3]
    assert curve["survival"].tolist() == pytest.approx([0.8, 0.7, 0.7, 0.35])


def test_a_group_that_all_leave_ends_at_zero_without_an_interval():
    curve = kaplan_meier(counts((2, True, 5), (3, True, 5)), 0.95)
    assert curve["survival"].tolist() == [1, 0.5, 0]
    assert curve["low"].isna().tolist() == [True, False, True]


def test_nobody_gives_no_curve():
    assert kaplan_meier(counts(), 0.95).empty


@pytest.mark.filterwarnings("ignore:The confidence interval is undefined")
@given(
    st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=1, max_size=60),
    st.sampled_from([0.9, 0.95]),
)
def test_it_is_that_of_scipy(spells, confidence):
    months, ended = (np.array(part) for part in zip(*spells, strict=True))
    curve = kaplan_meier(pd.DataFrame({"months": months, "ended": ended, "n": 1}), confidence).set_index("month")
    sample = stats.CensoredData(uncensored=months[ended], right=months[~ended])
    other = stats.ecdf(sample).sf
    at = curve.loc[other.quantiles.astype(int)]
    assert at["survival"].to_numpy() == pytest.approx(other.probabilities)
    with np.errstate(all="ignore"):
        interval = other.confidence_interval(confidence_level=confidence, method="log-log")
    inside = at["low"].notna().to_numpy()
    assert at["low"].to_numpy()[inside] == pytest.approx(interval.low.probabilities[inside])
    assert at["high"].to_numpy()[inside] == pytest.approx(interval.high.probabilities[inside])


@given(st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=1, max_size=60))
def test_it_is_that_of_statsmodels(spells):
    """The estimate, who is at risk and who ended, in every month in which somebody did."""
    months, ended = (np.array(part) for part in zip(*spells, strict=True))
    curve = kaplan_meier(pd.DataFrame({"months": months, "ended": ended, "n": 1}), 0.95).set_index("month")
    with np.errstate(all="ignore"):
        other = SurvfuncRight(months, ended.astype(int))
    at = curve.loc[other.surv_times.astype(int)]
    assert at["survival"].to_numpy() == pytest.approx(other.surv_prob)
    assert at["at_risk"].tolist() == other.n_risk.tolist()
    assert at["ended"].tolist() == other.n_events.tolist()
