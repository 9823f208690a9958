"""Who gains: fifths of the predicted effect, planted heterogeneity, projection, classification, and bad input."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from tests.arms import ARMS

from tiltakseffekt.core import keys
from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.core.tables import table_faults
from tiltakseffekt.stages.heterogeneity import schemas
from tiltakseffekt.stages.heterogeneity.gains import GainTables, describe_gains
from tiltakseffekt.stages.heterogeneity.persons import Scored
from tiltakseffekt.stages.heterogeneity.profile import STEPS
from tiltakseffekt.stages.heterogeneity.settings import HeterogeneitySettings
from tiltakseffekt.stages.heterogeneity.sorted_effects import classify, effects_by_fifth, fifths

OUTCOME = "months_in_work_y3"
N = 3000


def _given(tables, cluster=None):
    scores, sample, characteristics, *others = tables
    return Scored(scores, sample, characteristics, ARMS, cluster), *others


def test_fifths_are_within_folds_and_equal_predictions_stay_together():
    fold = np.repeat([0, 1], 5)
    predicted = np.array([5, 1, 4, 2, 3, 50, 10, 40, 20, 30.0])
    assert fifths(predicted, fold).tolist() == [5, 1, 4, 2, 3] * 2
    assert fifths(np.ones(7), np.zeros(7, dtype=int)).tolist() == [3] * 7
    # Ranks 1 to 4 are shared: their middle is 2.5 of 10.
    tied = fifths(np.array([0, 0, 0, 0, 1, 2, 3, 4, 5, 6.0]), np.zeros(10, dtype=int))
    assert tied.tolist() == [2, 2, 2, 2, 3, 3, 4, 4, 5, 5]


def test_effects_by_fifth_by_hand():
    rng = np.random.default_rng(2)
    fifth = np.repeat(np.arange(1, 6), [40, 50, 60, 50, 40])
    effect, in_arm = rng.normal(size=240) * fifth, rng.random(240) < 0.2
    table = effects_by_fifth(fifth, fifth / 10, effect, in_arm, 0.95).set_index("group")
    first, last = effect[fifth == 1], effect[fifth == 5]
    assert table.loc["fifth_1", "estimate"] == pytest.approx(first.mean())
    # HC1: the variance within each fifth, times N / (N - 5).
    se = np.sqrt(240 / 235 * (first.var() / 40 + last.var() / 40))
    assert table.loc["difference", "estimate"] == pytest.approx(last.mean() - first.mean())
    assert table.loc["difference", "se"] == pytest.approx(se)
    assert table.loc["difference", "predicted"] == pytest.approx(0.4)
    assert table.loc["difference", "p_value"] == pytest.approx(2 * stats.norm.sf(abs(last.mean() - first.mean()) / se))
    assert table.loc["fifth_3", ["n", "n_arm"]].tolist() == [60, in_arm[fifth == 3].sum()]
    dummies = (fifth[:, None] == np.arange(1, 6)).astype(float)
    model = sm.OLS(effect, dummies).fit(cov_type="HC1", use_t=False)
    contrasts = np.column_stack([np.ones(4), -np.eye(4)])
    assert table["p_equal"].iloc[0] == pytest.approx(float(model.wald_test(contrasts, scalar=True).pvalue))


def test_nothing_is_sorted_by_predictions_that_do_not_tell_persons_apart():
    everybody = np.ones(50, dtype=bool)
    assert effects_by_fifth(np.full(50, 3), np.zeros(50), np.arange(50.0), everybody, 0.95).empty


def test_classification_is_a_comparison_of_two_groups():
    rng = np.random.default_rng(5)
    fifth = rng.integers(1, 6, 500)
    described = pd.DataFrame(
        {"alder": rng.normal(40, 10, 500) + fifth, "kvinne": (rng.random(500) < 0.5).astype(float)}
    )
    row = classify(fifth, described).set_index("term").loc["alder"]
    least, most = described["alder"][fifth == 1], described["alder"][fifth == 5]
    n = len(least) + len(most)
    assert row["difference"] == pytest.approx(most.mean() - least.mean())
    se = np.sqrt(n / (n - 2) * (least.var(ddof=0) / len(least) + most.var(ddof=0) / len(most)))
    assert row["se"] == pytest.approx(se)
    assert row[["n_least", "n_most"]].tolist() == [len(least), len(most)]
    alone = classify(fifth, described, np.arange(500)).set_index("term").loc["alder"]
    assert alone["se"] == pytest.approx(se, rel=0.01)


def tables(*, sorts: bool = True, small: bool = False) -> tuple[pd.DataFrame, ...]:
    """Women gain two months more on AFT, and the effect of AMO is the same for all."""
    rng = np.random.default_rng(6)
    ids = pd.Index([f"p{i:04d}" for i in range(N)], name="person_id")
    woman = rng.random(N) < 0.5
    tau = 2.0 * woman
    arm = np.where(rng.random(N) < 0.3, "aft", np.where(rng.random(N) < 0.3, "amo", keys.CONTROL))
    if small:
        arm[:] = keys.CONTROL
        arm[:10], arm[10:20] = "aft", "amo"
    sample = pd.DataFrame({"person_id": ids, "arm": arm}).sample(frac=1, random_state=2)
    characteristics = pd.DataFrame(
        {
            "person_id": ids,
            "reduced_capacity": rng.random(N) < 0.4,
            "sex": np.where(woman, "kvinne", "mann"),
            "age": rng.integers(18, 60, N),
            "landgruppe": "ikke_innvandrer",
            "education": rng.choice(keys.EDUCATION_GROUPS, N),
        }
    ).iloc[::-1]
    covariates = pd.DataFrame(
        {
            "person_id": ids,
            "x_arbeidshistorikk__maneder_i_arbeid_12": rng.integers(0, 13, N).astype(float),
            "x_arbeidshistorikk__ar_over_1g": rng.integers(0, 6, N).astype(float),
        }
    )
    scores = pd.DataFrame(
        {
            "person_id": ids,
            keys.score_column(keys.CONTROL, OUTCOME): rng.normal(size=N),
            keys.score_column("aft", OUTCOME): tau + 3 * rng.normal(size=N),
            keys.score_column("amo", OUTCOME): 1.0 + 3 * rng.normal(size=N),
        }
    )
    predictions = pd.DataFrame(
        {
            "person_id": ids,
            "fold": rng.integers(0, 5, N),
            keys.prediction_column(keys.CONTROL, OUTCOME): 0.0,
            keys.prediction_column("aft", OUTCOME): tau + 0.3 * rng.normal(size=N) if sorts else 4.0,
            keys.prediction_column("amo", OUTCOME): rng.normal(size=N),
        }
    )
    return scores, sample, characteristics, covariates, predictions


@pytest.fixture(scope="module")
def described() -> GainTables:
    return describe_gains(*_given(tables()), HeterogeneitySettings(), 0.95)


def test_tables_obey_their_schemas(described):
    for table, schema in zip(
        described, (schemas.PROJECTION, schemas.SORTED_EFFECTS, schemas.CLASSIFICATION, schemas.FIFTHS), strict=True
    ):
        assert not table_faults(table, schema)
    assert len(described.fifths) == 2 * N


def test_planted_heterogeneity_is_found_and_none_is_not(described):
    groups = described.sorted_effects.set_index(["arm", "group"])
    aft, amo = groups.loc["aft"], groups.loc["amo"]
    assert abs(aft.loc["difference", "estimate"] - 2) < 4 * aft.loc["difference", "se"]
    assert aft.loc["difference", "p_value"] < 1e-10
    assert aft["p_equal"].iloc[0] < 1e-10
    assert amo.loc["difference", "p_value"] > 0.01
    assert amo["p_equal"].iloc[0] > 0.01
    classes = described.classification.set_index(["arm", "term"])
    assert classes.loc[("aft", "kvinne"), "difference"] > 0.9
    assert abs(classes.loc[("aft", "alder"), "difference"]) < 4 * classes.loc[("aft", "alder"), "se"]


def test_projection_finds_the_planted_slope_and_leaves_out_what_does_not_vary(described):
    slopes = described.projection.set_index(["arm", "term"])
    # Nobody is an immigrant.
    assert slopes.loc["aft"].index.tolist() == [term for term in STEPS if term != "innvandrer"]
    assert abs(slopes.loc[("aft", "kvinne"), "estimate"] - 2) < 4 * slopes.loc[("aft", "kvinne"), "se"]
    assert slopes.loc[("aft", "kvinne"), "p_joint"] < 1e-10
    assert slopes.loc[("amo", "kvinne"), "p_joint"] > 0.01


def test_projection_equals_statsmodels(described):
    scores, _, characteristics, covariates, _ = tables()
    effect = scores[f"score__amo__{OUTCOME}"] - scores[f"score__ikke_tiltak__{OUTCOME}"]
    known = characteristics.sort_values("person_id", ignore_index=True)
    x = pd.DataFrame(
        {
            "alder": known["age"] / 10,
            "kvinne": known["sex"] == "kvinne",
            "nedsatt_arbeidsevne": known["reduced_capacity"],
            "hoyere_utdanning": known["education"] == "hoyere_utdanning",
            "maneder_i_arbeid": covariates["x_arbeidshistorikk__maneder_i_arbeid_12"] / 12,
            "ar_over_1g": covariates["x_arbeidshistorikk__ar_over_1g"],
        }
    ).astype(float)
    model = sm.OLS(effect.to_numpy(), sm.add_constant(x)).fit(cov_type="HC1", use_t=False)
    ours = described.projection.query("arm == 'amo'").set_index("term")
    np.testing.assert_allclose(ours["estimate"], model.params[ours.index], rtol=1e-9)
    np.testing.assert_allclose(ours["se"], model.bse[ours.index], rtol=1e-9)
    np.testing.assert_allclose(ours["p_value"], model.pvalues[ours.index], rtol=1e-7)


def test_constant_predictions_and_small_arms_are_no_fault():
    found = describe_gains(*_given(tables(sorts=False, small=True)), HeterogeneitySettings(), 0.95)
    assert set(found.sorted_effects["arm"]) == {"amo"}
    assert set(found.projection["arm"]) == {"aft", "amo"}
    assert found.sorted_effects.query("group.str.startswith('fifth')")["n_arm"].sum() == 10


def test_clusters_of_one_person_change_nothing_but_the_factor():
    alone = describe_gains(*_given(tables(), np.arange(N)), HeterogeneitySettings(), 0.95).sorted_effects
    plain = describe_gains(*_given(tables()), HeterogeneitySettings(), 0.95).sorted_effects
    np.testing.assert_allclose(alone["se"], plain["se"], rtol=1e-9)
    pairs = describe_gains(*_given(tables(), np.arange(N) // 2), HeterogeneitySettings(), 0.95).sorted_effects
    assert not np.allclose(pairs["se"], plain["se"])


def test_missing_persons_are_counted():
    scores, sample, characteristics, covariates, predictions = tables()
    with pytest.raises(FaultsFound, match=r"predictions: person_id: persons of the sample are missing \(4\)"):
        describe_gains(
            Scored(scores, sample, characteristics, ARMS),
            covariates,
            predictions.iloc[4:],
            HeterogeneitySettings(),
            0.95,
        )
