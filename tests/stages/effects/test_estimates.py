"""Tables of effects: planted truth, agreement with the scores, bad input."""

import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.core import keys
from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.core.tables import table_faults
from tiltakseffekt.stages.effects import schemas
from tiltakseffekt.stages.effects.balancing import balanced_weights
from tiltakseffekt.stages.effects.checks import arms_missing_in_folds
from tiltakseffekt.stages.effects.estimates import EffectTables, estimate_effects
from tiltakseffekt.stages.effects.settings import EffectSettings

ARMS = (keys.CONTROL, "aft", "amo")
SETTINGS = EffectSettings()
FEW_DRAWS = EffectSettings(bootstrap={"draws": 100})


def planted(seed: int, n: int = 600) -> tuple[dict[str, pd.DataFrame], dict[tuple[str, str], float]]:
    """Simulate persons with known propensities and imperfect predictions; return tables and true effects.

    The effect of an arm on every outcome is its number times (1 + x), so that ATE and ATET differ.
    """
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    index = np.column_stack([np.zeros(n), -0.5 + 0.7 * x, -0.3 - 0.5 * x])
    propensities = np.exp(index) / np.exp(index).sum(axis=1, keepdims=True)
    arm = (rng.random(n)[:, None] > propensities.cumsum(axis=1)).sum(axis=1)
    mean = x[:, None] + np.arange(3) * (1 + x[:, None])
    ids = np.array([f"p{i:04d}" for i in range(n)])
    noise = rng.normal(size=n)
    observed = mean[np.arange(n), arm] + noise
    outcomes = {outcome: observed * (j + 1) for j, outcome in enumerate(keys.OUTCOMES)}
    predictions = {
        keys.prediction_column(name, outcome): (0.7 * mean[:, k] + 0.1) * (j + 1)
        for k, name in enumerate(ARMS)
        for j, outcome in enumerate(keys.OUTCOMES)
    }
    fold = rng.permutation(n) % 5
    sample = pd.DataFrame(
        {
            "person_id": ids,
            "arm": np.array(ARMS)[arm],
            "registration_month": 210,
            "start_offset": 3,
            "start_month": 213,
            "fold": fold,
        }
    )
    propensity_columns = {keys.propensity_column(name): propensities[:, k] for k, name in enumerate(ARMS)}
    tables = {
        "sample": sample.sample(frac=1, random_state=seed),
        "outcomes": pd.DataFrame({"person_id": ids, **outcomes}),
        "propensities": pd.DataFrame({"repetition": 1, "person_id": ids, "fold": fold, **propensity_columns}),
        "predictions": pd.DataFrame({"person_id": ids, "fold": fold, **predictions}),
    }
    effect = mean - mean[:, [0]]
    truth = {("ate", name): effect[:, k].mean() for k, name in enumerate(ARMS)}
    truth |= {("atp", name): effect[arm > 0, k].mean() for k, name in enumerate(ARMS)}
    truth |= {("atet", name): effect[arm == k, k].mean() for k, name in enumerate(ARMS)}
    return tables, truth


def estimated(tables: dict[str, pd.DataFrame], settings: EffectSettings, **others) -> EffectTables:
    return estimate_effects(**(tables | {"predictions": [tables["predictions"]]}), settings=settings, seed=1, **others)


@pytest.fixture(scope="module")
def result():
    tables, truth = planted(7, n=3000)
    return tables, truth, estimated(tables, SETTINGS)


def test_tables_obey_their_schemas(result):
    tables, _, (scores, estimates, covariances, joint) = result
    assert not table_faults(scores, schemas.SCORES)
    assert not table_faults(estimates, schemas.ESTIMATES)
    assert not table_faults(covariances, schemas.COVARIANCES)
    assert not table_faults(joint, schemas.JOINT_COVARIANCES)
    assert scores.shape == (3000, 1 + 3 * 6)
    assert len(estimates) == 42 * (3 + 2 + 2 + 2)
    assert (estimates["n"] == 3000).all()
    assert (estimates.query("arm == 'amo'")["n_arm"] == (tables["sample"]["arm"] == "amo").sum()).all()


def test_planted_effects_lie_within_three_standard_errors(result):
    _, truth, (_, estimates, _, _) = result
    yearly = estimates.query("outcome == 'months_in_work_y1' and estimand != 'apo'")
    assert len(yearly) == 6
    for row in yearly.itertuples():
        assert abs(row.estimate - truth[row.estimand, row.arm]) < 3 * row.se


def test_wrong_predictions_do_not_move_the_effect_on_all_participants():
    """Propensities are true, predictions shrunken by a third: the ATE score averaged over participants would be off."""
    tables, truth = planted(2, n=30_000)
    estimates = estimated(tables, FEW_DRAWS).estimates
    row = estimates.query("estimand == 'atp' and arm == 'amo' and outcome == 'months_in_work_y1'").iloc[0]
    assert abs(row["estimate"] - truth["atp", "amo"]) < 3 * row["se"] < 0.12


def test_scores_give_the_average_effects_back(result):
    _, _, (scores, estimates, _, _) = result
    difference = scores["score__amo__wage_income_y2"] - scores["score__ikke_tiltak__wage_income_y2"]
    row = estimates.query("estimand == 'ate' and arm == 'amo' and outcome == 'wage_income_y2'").iloc[0]
    assert difference.mean() == pytest.approx(row["estimate"], rel=1e-12)
    assert difference.std(ddof=0) / np.sqrt(3000) == pytest.approx(row["se"], rel=1e-12)


def test_covariances_hold_the_variances_and_the_known_correlation(result):
    _, _, (_, estimates, covariances, _) = result
    joint = covariances.query("estimand == 'atet' and arm == 'aft'").pivot(
        index="outcome_a", columns="outcome_b", values="covariance"
    )
    assert joint.shape == (6, 6)
    np.testing.assert_allclose(joint, joint.T, rtol=1e-12)
    se = estimates.query("estimand == 'atet' and arm == 'aft'").set_index("outcome")["se"].loc[joint.index]
    np.testing.assert_allclose(np.sqrt(np.diag(joint)), se)
    # The outcomes are multiples of one variable, so every correlation is one.
    np.testing.assert_allclose(joint / np.outer(se, se), 1)


def test_outcomes_are_those_that_were_measured():
    """The numbers of an outcome do not depend on which others were measured."""
    tables, _ = planted(3)
    full = estimated(tables, FEW_DRAWS)
    kept = ["months_in_work_y1", "months_in_work_y2", "wage_income_y1", "wage_income_y2"]
    some = estimated(tables | {"outcomes": tables["outcomes"][["person_id", *kept]]}, FEW_DRAWS)
    assert set(some.estimates["outcome"]) == set(some.covariances["outcome_a"]) == set(kept)
    common = full.estimates[full.estimates["outcome"].isin(kept)].reset_index(drop=True)
    # But for the intervals that hold for all of them at once.
    alone = [name for name in common if not name.startswith("simultaneous")]
    pd.testing.assert_frame_equal(some.estimates[alone], common[alone])
    assert set(some.joint_covariances["outcome_a"]) == set(kept[2:])


def test_interval_follows_the_level():
    tables, _ = planted(3)
    narrow = estimated(tables, EffectSettings(confidence=0.9)).estimates
    np.testing.assert_allclose((narrow["high"] - narrow["low"]) / narrow["se"], 2 * 1.6448536269514722)


def spoil(name: str):
    tables, _ = planted(1)
    match name:
        case "missing outcome":
            tables["outcomes"].loc[:2, "in_work_m05"] = np.nan
        case "infinite prediction":
            tables["predictions"].loc[0, "predicted__aft__wage_income_y1"] = np.inf
        case "propensity of zero":
            own = tables["sample"].sort_values("person_id")["arm"].to_numpy() == "aft"
            column = tables["propensities"]["propensity__aft"].mask(own, 0.0)
            tables["propensities"]["propensity__ikke_tiltak"] += tables["propensities"]["propensity__aft"] - column
            tables["propensities"]["propensity__aft"] = column
        case "propensities not one":
            tables["propensities"]["propensity__amo"] += 0.1
        case "arm without persons":
            tables["sample"] = tables["sample"].assign(arm=tables["sample"]["arm"].replace("amo", "aft"))
        case "arm without propensity":
            tables["propensities"] = tables["propensities"].drop(columns="propensity__amo")
        case "other persons":
            tables["outcomes"] = tables["outcomes"].iloc[1:]
        case "person twice":
            tables["predictions"] = pd.concat([tables["predictions"], tables["predictions"].iloc[:1]])
        case "prediction missing":
            tables["predictions"] = tables["predictions"].drop(columns="predicted__aft__in_work_m36")
    return tables


@pytest.mark.parametrize(
    ("name", "column", "count"),
    [
        ("missing outcome", "outcomes: in_work_m05", "(3)"),
        ("infinite prediction", "outcome_predictions: predicted__aft__wage_income_y1", "(1)"),
        ("propensity of zero", "propensities: propensity__aft: not positive where the arm occurs", ""),
        ("propensities not one", "propensities of a person do not sum to one", "(600)"),
        ("arm without persons", "the arm amo has a propensity but nobody is in it", "(1)"),
        ("arm without propensity", "persons are in an arm without propensity", ""),
        ("other persons", "outcomes: person_id", "(1)"),
        ("person twice", "outcome_predictions: person_id", "(1)"),
        ("prediction missing", "outcome_predictions: predicted__aft__in_work_m36: the column is missing", "(1)"),
    ],
)
def test_bad_input_is_one_clear_error_without_values(name, column, count):
    with pytest.raises(FaultsFound) as caught:
        estimated(spoil(name), SETTINGS)
    assert column in str(caught.value)
    assert count in str(caught.value)
    assert "p0" not in str(caught.value)


def test_arms_that_a_fold_lacks_are_named():
    sample = pd.DataFrame({"arm": ["aft", "aft", "amo", "amo"], "fold": [0, 1, 0, 0]})
    assert arms_missing_in_folds(sample) == ("amo",)


def test_joint_covariances_hold_those_within_each_measure(result):
    _, _, (_, _, covariances, joint) = result
    within = joint[joint["arm_a"] == joint["arm_b"]].rename(columns={"arm_a": "arm"})
    atet = covariances[covariances["estimand"] == "atet"]
    both = within.merge(atet, on=["arm", "outcome_a", "outcome_b"], validate="one_to_one")
    assert len(both) == len(within) > 0
    assert both["covariance_x"].to_numpy() == pytest.approx(both["covariance_y"].to_numpy())
    names = ["arm_a", "outcome_a", "arm_b", "outcome_b"]
    turned = joint.rename(columns=dict(zip(names, [*names[2:], *names[:2]], strict=True)))
    merged = joint.merge(turned, on=names)
    assert merged["covariance_x"].to_numpy() == pytest.approx(merged["covariance_y"].to_numpy())


def test_simultaneous_intervals_are_wider_and_for_yearly_effects_alone(result):
    _, _, (_, estimates, _, _) = result
    yearly = estimates["outcome"].isin(keys.YEARLY_OUTCOMES) & estimates["estimand"].isin(["ate", "atet"])
    assert estimates.loc[~yearly, ["simultaneous_low", "simultaneous_high"]].isna().all(axis=None)
    shown = estimates[yearly]
    factor = (shown["simultaneous_high"] - shown["estimate"]) / shown["se"]
    assert (factor > 1.96).all()
    # One factor for each family: estimand by kind of outcome.
    families = factor.round(9).groupby([shown["estimand"], shown["outcome"].str.rsplit("_", n=1).str[0]])
    assert families.nunique().tolist() == [1] * 4
    assert families.size().tolist() == [6] * 4


def shifted(tables: dict[str, pd.DataFrame], repetition: int, by: float) -> dict[str, pd.DataFrame]:
    """Return the nuisances of another repetition: other folds, predictions moved by a number."""
    turned = {"fold": (tables["predictions"]["fold"] + repetition) % 5}
    moved = tables["predictions"].filter(like="predicted__aft") + by
    propensities = tables["propensities"].assign(**turned, repetition=repetition)
    return {"propensities": propensities, "predictions": tables["predictions"].assign(**turned, **moved)}


def test_repetitions_give_medians_and_the_first_is_unchanged_by_others():
    tables, _ = planted(5)
    each = [shifted(tables, number, by) for number, by in ((1, 0.0), (2, 0.4), (3, -0.2))]
    alone = [estimated(tables | own, FEW_DRAWS).estimates for own in each]
    together = estimate_effects(
        tables["sample"],
        tables["outcomes"],
        pd.concat([own["propensities"] for own in each]),
        (own["predictions"] for own in each),
        FEW_DRAWS,
        seed=1,
    )
    values, errors = (np.array([table[name] for table in alone]) for name in ("estimate", "se"))
    estimate = np.median(values, axis=0)
    np.testing.assert_allclose(together.estimates["estimate"], estimate)
    np.testing.assert_allclose(
        together.estimates["se"], np.sqrt(np.median(errors**2 + (values - estimate) ** 2, axis=0))
    )
    atet = together.estimates.query("estimand == 'atet'").set_index(["arm", "outcome"])["se"]
    variances = together.covariances.query("estimand == 'atet' and outcome_a == outcome_b")
    joint = together.joint_covariances.query("arm_a == arm_b and outcome_a == outcome_b")
    for table, arm in ((variances, "arm"), (joint, "arm_a")):
        expected = atet.loc[list(zip(table[arm], table["outcome_a"], strict=True))]
        np.testing.assert_allclose(np.sqrt(table["covariance"]), expected)
    scores = [estimated(tables | own, FEW_DRAWS).scores.set_index("person_id") for own in each]
    np.testing.assert_allclose(together.scores.set_index("person_id"), sum(scores) / 3)


def test_clusters_widen_the_errors_and_reach_every_covariance():
    tables, _ = planted(5)
    twice = {
        name: pd.concat([table, table.assign(person_id="q" + table["person_id"])]) for name, table in tables.items()
    }
    plain, doubled = estimated(tables, FEW_DRAWS), estimated(twice, FEW_DRAWS)
    cluster = np.tile(np.arange(len(tables["sample"])), 2)
    clustered = estimated(twice, FEW_DRAWS, cluster=cluster)
    # Everybody is there twice: with clusters of twins the errors are those of the single persons, without too small.
    np.testing.assert_allclose(clustered.estimates["se"], plain.estimates["se"])
    np.testing.assert_allclose(doubled.estimates["se"], plain.estimates["se"] / np.sqrt(2))
    for name in ("covariances", "joint_covariances"):
        np.testing.assert_allclose(getattr(clustered, name)["covariance"], getattr(plain, name)["covariance"])
    np.testing.assert_allclose(clustered.estimates["simultaneous_low"], plain.estimates["simultaneous_low"])


def test_persons_left_out_by_trimming_may_be_in_the_other_tables():
    tables, _ = planted(5)
    kept = tables["sample"].query("fold != 0")["person_id"]
    fewer = {name: table[table["person_id"].isin(kept)] for name, table in tables.items()}
    expected = estimated(fewer, FEW_DRAWS)
    whole = estimated(tables | {name: fewer[name] for name in ("sample", "propensities")}, FEW_DRAWS)
    for ours, theirs in zip(whole, expected, strict=True):
        pd.testing.assert_frame_equal(ours, theirs)


def test_balanced_weights_reach_the_estimates():
    tables, truth = planted(11)
    inputs = (tables["sample"], tables["outcomes"], tables["propensities"], [tables["predictions"]])
    x = np.random.default_rng(11).normal(size=600)[:, None]
    plain = estimate_effects(*inputs, FEW_DRAWS, 1).estimates
    balanced = estimate_effects(*inputs, FEW_DRAWS, 1, features=x).estimates
    assert (plain["estimate"] != balanced["estimate"]).any()
    first = balanced[(balanced["outcome"] == keys.OUTCOMES[0]) & (balanced["estimand"] != "apo")]
    for row in first.to_dict("records"):
        assert abs(row["estimate"] - truth[row["estimand"], row["arm"]]) < 3 * row["se"]


def test_weights_are_balanced_once_for_all_outcomes(monkeypatch):
    calls = []

    def counted(*arguments):
        calls.append(arguments)
        return balanced_weights(*arguments)

    monkeypatch.setattr("tiltakseffekt.stages.effects.scores.balanced_weights", counted)
    tables, _ = planted(11)
    estimated(tables, FEW_DRAWS, features=np.random.default_rng(11).normal(size=600)[:, None])
    # Each of three arms for everybody and for all participants; each of two measures and the controls for the measure.
    assert len(calls) == 3 + 3 + 2 * 2


def test_other_folds_in_the_predictions_are_refused():
    tables, _ = planted(1)
    tables["predictions"] = tables["predictions"].assign(fold=0)
    with pytest.raises(FaultsFound, match="outcome_predictions: fold: differs from that of the propensities"):
        estimated(tables, SETTINGS)
