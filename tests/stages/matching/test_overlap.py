"""Trimming and clipping: each rule by hand, what is counted, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.core.keys import propensity_column
from tiltakseffekt.core.tables import table_faults
from tiltakseffekt.stages.matching import schemas
from tiltakseffekt.stages.matching.overlap import (
    common_support,
    kept_persons,
    raised,
    restrict_overlap,
    smallest_variance_set,
)
from tiltakseffekt.stages.matching.settings import OverlapSettings

ARMS = ("ikke_tiltak", "aft")


def tables(propensity: list[float], treated: list[int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return sample and propensities of two arms, from the probability of the second."""
    ids = [f"p{number}" for number in range(len(treated))]
    fold = np.arange(len(treated)) % 2
    arm = np.array(ARMS)[treated]
    sample = pd.DataFrame({"person_id": ids, "arm": arm, "fold": fold})
    sample = sample.assign(registration_month=210, start_offset=1, start_month=211)
    columns = dict(zip(map(propensity_column, ARMS), (1 - np.array(propensity), propensity), strict=True))
    return sample, pd.DataFrame({"person_id": ids, "fold": fold, **columns})


def test_the_floor_is_applied_once_and_counted_by_arm():
    sample, e = tables([0.0005, 0.0005, 0.5, 0.9995], [0, 1, 1, 0])
    kept, bounded, trimming = restrict_overlap(sample, [e], OverlapSettings(clip=0.001))
    assert not table_faults(kept, schemas.SAMPLE)
    assert not table_faults(bounded, schemas.BOUNDED_PROPENSITIES)
    assert not table_faults(trimming, schemas.TRIMMING)
    assert bounded["propensity__aft"].tolist() == pytest.approx([0.001, 0.001, 0.5, 0.999])
    counts = trimming.set_index("arm")
    assert counts.loc["aft", ["n", "trimmed", "raised", "raised_own"]].tolist() == [2, 0, 2, 1]
    assert counts.loc["ikke_tiltak", ["n", "trimmed", "raised", "raised_own"]].tolist() == [2, 0, 1, 1]


def test_without_floor_probabilities_stay_to_the_bit():
    sample, e = tables([0.1, 0.2, 1 / 3], [0, 1, 1])
    bounded = restrict_overlap(sample, [e], OverlapSettings(clip=0)).propensities
    pd.testing.assert_frame_equal(bounded[e.columns.tolist()], e, check_exact=True)


def test_a_fixed_threshold_holds_for_every_arm():
    e = np.array([[0.95, 0.05], [0.8, 0.2], [0.04, 0.96], [0.1, 0.9]])
    settings = OverlapSettings(trim="fixed", trim_below=0.1)
    assert kept_persons(e, np.array([0, 1, 0, 1]), settings).tolist() == [False, True, False, True]


def test_common_support_by_hand():
    """Arm 0 has 0.1 to 0.6 for arm 1, arm 1 has 0.3 to 0.8: in common 0.3 to 0.6, ends included."""
    second = np.array([0.1, 0.3, 0.6, 0.3, 0.5, 0.8])
    e = np.column_stack([1 - second, second])
    kept = common_support(e, np.array([0, 0, 0, 1, 1, 1]))
    assert kept.tolist() == [False, True, True, True, True, False]


@given(st.integers(0, 300))
def test_least_variance_is_the_threshold_of_crump_for_two_arms(seed):
    propensity = np.random.default_rng(seed).beta(0.4, 1.5, 60).clip(1e-4, 1 - 1e-4)
    kept = smallest_variance_set(np.column_stack([1 - propensity, propensity]))
    g = 1 / (propensity * (1 - propensity))
    # Corollary 1 there: the threshold is twice the mean of what is below it.
    best = min(g[g <= limit].sum() / (g <= limit).sum() ** 2 for limit in g)
    assert g[kept].sum() / kept.sum() ** 2 == pytest.approx(best)
    assert g[kept].max() <= 2 * g[kept].mean() * (1 + 1e-12)
    assert kept.all() or g[~kept].min() > 2 * g[kept].mean()


def test_good_overlap_loses_nobody_and_zero_probabilities_go_first():
    assert smallest_variance_set(np.full((5, 2), 0.5)).all()
    e = np.array([[1.0, 0.0], [0.5, 0.5], [0.4, 0.6]])
    assert smallest_variance_set(e).tolist() == [False, True, True]


def test_repetitions_keep_the_same_persons_by_the_mean():
    sample, first = tables([0.05, 0.5, 0.5], [0, 0, 1])
    _, second = tables([0.25, 0.1, 0.5], [0, 0, 1])
    settings = OverlapSettings(trim="fixed", trim_below=0.2)
    kept, bounded, trimming = restrict_overlap(sample, [first, second], settings)
    assert kept["person_id"].tolist() == ["p1", "p2"]
    assert bounded[["repetition", "person_id"]].to_numpy().tolist() == [[1, "p1"], [1, "p2"], [2, "p1"], [2, "p2"]]
    assert bounded["propensity__aft"].tolist() == [0.5, 0.5, 0.1, 0.5]
    assert trimming.set_index("arm")["trimmed"].to_dict() == {"ikke_tiltak": 1, "aft": 0}


@pytest.mark.parametrize(
    ("propensity", "settings", "said"),
    [
        ([0.5, 0.0, 0.5], OverlapSettings(clip=0), "not positive for persons in the arm (1)"),
        ([0.5, 0.1, 0.1], OverlapSettings(trim="fixed", trim_below=0.2), "arm aft: trimming leaves nobody"),
    ],
)
def test_what_allows_no_estimate_is_refused(propensity, settings, said):
    sample, e = tables(propensity, [0, 1, 1])
    with pytest.raises(FaultsFound) as caught:
        restrict_overlap(sample, [e], settings)
    assert said in str(caught.value)


@given(arrays(float, (6, 4), elements=st.floats(0.0001, 1)), st.floats(0.0001, 0.05))
def test_floor_keeps_order_and_sum(values, smallest):
    before = values / values.sum(axis=1, keepdims=True)
    after = raised(before, smallest)
    assert (after >= smallest).all()
    assert after.sum(axis=1) == pytest.approx(1)
    for row, new in zip(before, after, strict=True):
        assert (np.diff(new[np.argsort(row, kind="stable")]) >= -1e-12).all()


def test_floor_by_hand():
    assert raised(np.array([[0.75, 0.25, 0.0]]), 0.01)[0] == pytest.approx([0.7425, 0.2475, 0.01])
    assert raised(np.array([[0.6, 0.2, 0.2]]), 0.01)[0].tolist() == [0.6, 0.2, 0.2]
