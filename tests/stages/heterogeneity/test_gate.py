"""Group effects: made-up persons, group means, what happens to empty groups."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from tests.arms import ARMS

from tiltakseffekt.core import keys
from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.core.tables import table_faults
from tiltakseffekt.stages.effects.settings import BootstrapSettings
from tiltakseffekt.stages.heterogeneity import schemas
from tiltakseffekt.stages.heterogeneity.gate import GROUPINGS, GateTables, estimate_gate, missing_groupings
from tiltakseffekt.stages.heterogeneity.persons import Scored

OUTCOME = "months_in_work_y3"
BOOTSTRAP = BootstrapSettings(draws=200)


def persons(n: int = 400) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(3)
    ids = [f"p{i:03d}" for i in range(n)]
    # Nobody of landgruppe 1 is on AFT.
    landgruppe = rng.choice(keys.LANDGRUPPER, n)
    arm = np.where(landgruppe == "lg1", "amo", rng.choice([keys.CONTROL, "aft", "amo"], n))
    sample = pd.DataFrame({"person_id": ids, "arm": arm}).sample(frac=1, random_state=1)
    characteristics = pd.DataFrame(
        {
            "person_id": [*ids, "not in the sample"],
            "reduced_capacity": [*(rng.random(n) < 0.4), True],
            "sex": [*rng.choice(keys.SEXES, n), "mann"],
            "age": [*rng.integers(18, 60, n), 30],
            "age_group": [*rng.choice(keys.AGE_GROUPS[:5], n), "alder_30_39"],
            "landgruppe": [*landgruppe, "lg1"],
            "ledighetskategori": [*rng.choice(keys.LEDIGHETSKATEGORIER, n), "i_arbeid"],
        }
    ).iloc[::-1]
    columns = {keys.score_column(name, OUTCOME): rng.normal(size=n) for name in (keys.CONTROL, "aft", "amo")}
    return pd.DataFrame({"person_id": ids, **columns}), sample, characteristics


@pytest.fixture(scope="module")
def tables() -> GateTables:
    return estimate_gate(Scored(*persons(), ARMS), [OUTCOME], BOOTSTRAP, 1)


@pytest.fixture(scope="module")
def gate(tables) -> pd.DataFrame:
    return tables.gate


def test_table_obeys_its_schema_and_has_the_rows_of_the_printed_table(gate):
    assert not table_faults(gate, schemas.GATE)
    terms = gate.query("arm == 'aft'")["term"].tolist()
    assert terms == [
        "konstant_arbeidssoker",
        "nedsatt_arbeidsevne",
        "konstant_mann",
        "kvinne",
        "konstant_under_20_ar",
        "alder_20_29",
        "alder_30_39",
        "alder_40_49",
        "alder_50_59",
        "konstant_ikke_innvandrer",
        "lg1",
        "lg2",
        "lg3",
        "konstant_i_arbeid",
        "i_arbeid_siste_5_mnd",
        "uten_arbeid_6_mnd",
    ]
    assert gate.query("constant")["term"].str.startswith("konstant_").all()


def test_estimates_are_means_of_the_score_and_differences_of_means(gate):
    scores, _, characteristics = persons()
    effect = scores.set_index("person_id").pipe(
        lambda s: s[f"score__aft__{OUTCOME}"] - s[f"score__ikke_tiltak__{OUTCOME}"]
    )
    for grouping in GROUPINGS:
        means = effect.groupby(characteristics.set_index("person_id")[grouping.column]).mean()
        table = gate.query("arm == 'aft' and grouping == @grouping.key").set_index("term")["estimate"]
        base, constant = grouping.base
        assert table[constant] == pytest.approx(means[base])
        for value, term in grouping.others.items():
            if value in means.index:
                assert table[term] == pytest.approx(means[value] - means[base])


def test_groupings_average_to_the_same_effect(gate):
    """The group effects, weighted by group size, give the one ATE back, as in effektrapport_2024."""
    scores, _, _ = persons()
    ate = (scores[f"score__amo__{OUTCOME}"] - scores[f"score__ikke_tiltak__{OUTCOME}"]).mean()
    for _, table in gate.query("arm == 'amo'").groupby("grouping"):
        shares = table["n_group"] / 400
        others = ~table["constant"]
        assert table.loc[~others, "estimate"].item() + (shares * table["estimate"])[others].sum() == pytest.approx(ate)
        assert table["n_group"].sum() == 400


def test_a_group_without_treated_has_an_estimate_and_says_zero(gate):
    row = gate.query("arm == 'aft' and term == 'lg1'").iloc[0]
    assert row["n_group_arm"] == 0
    assert row["n_group"] > 0
    assert np.isfinite(row["estimate"])


def test_a_grouping_without_base_group_is_left_out_and_named():
    scores, sample, characteristics = persons()
    older = characteristics.assign(age_group=characteristics["age_group"].replace("alder_under_20", "alder_20_29"))
    gate = estimate_gate(Scored(scores, sample, older, ARMS), [OUTCOME], BOOTSTRAP, 1).gate
    assert missing_groupings(gate) == ("age_group",)
    assert set(gate["grouping"]) == {"innsatsgruppe", "sex", "landgruppe", "ledighetskategori"}


def test_bad_input_is_named():
    scores, sample, characteristics = persons()
    with pytest.raises(FaultsFound, match=r"heterogeneity.outcomes: in_work_m01.*scores are kept for yearly"):
        estimate_gate(Scored(scores, sample, characteristics, ARMS), ["in_work_m01"], BOOTSTRAP, 1)
    with pytest.raises(FaultsFound) as caught:
        estimate_gate(Scored(scores.iloc[5:], sample, characteristics.iloc[:-2], ARMS), [OUTCOME], BOOTSTRAP, 1)
    assert "scores: person_id: persons of the sample are missing (5)" in str(caught.value)
    assert "characteristics: person_id: persons of the sample are missing (2)" in str(caught.value)


def test_influence_values_give_the_errors_and_joint_tests_of_the_regressions(tables):
    """Second implementation: statsmodels, one regression at a time."""
    scores, sample, characteristics = persons()
    cluster = np.arange(400) % 40
    effect = (scores[f"score__aft__{OUTCOME}"] - scores[f"score__ikke_tiltak__{OUTCOME}"]).to_numpy()
    groups = characteristics.set_index("person_id").loc[scores["person_id"], "landgruppe"].to_numpy()
    x = np.column_stack([np.ones(400), *(groups == name for name in keys.LANDGRUPPER[1:])]).astype(float)
    clustered = estimate_gate(Scored(scores, sample, characteristics, ARMS, cluster), [OUTCOME], BOOTSTRAP, 1)
    for found, options in (
        (tables, {"cov_type": "HC1"}),
        (clustered, {"cov_type": "cluster", "cov_kwds": {"groups": cluster}}),
    ):
        model = sm.OLS(effect, x).fit(**options, use_t=False)
        gate = found.gate.query("arm == 'aft' and grouping == 'landgruppe'")
        np.testing.assert_allclose(gate["se"], model.bse, rtol=1e-9)
        test = found.tests.query("arm == 'aft' and grouping == 'landgruppe'").iloc[0]
        expected = model.wald_test(np.eye(4)[1:], scalar=True)
        assert test["statistic"] == pytest.approx(expected.statistic)
        assert test["p_value"] == pytest.approx(float(expected.pvalue))


def test_tests_obey_their_schema_and_span_all_characteristics(tables):
    assert not table_faults(tables.tests, schemas.GATE_TESTS)
    over_all = tables.tests.query("grouping == 'all'").set_index("arm")
    assert set(over_all["df"]) == {1 + 1 + 4 + 3 + 2}
    assert (over_all["p_holm"] >= over_all["p_value"]).all()


def test_adjusted_p_values_are_those_of_the_differences_and_never_smaller(gate):
    assert gate.loc[gate["constant"], ["p_holm", "p_romano_wolf"]].isna().all(axis=None)
    differences = gate[~gate["constant"]].sort_values("p_value")
    assert (differences["p_holm"] >= differences["p_value"]).all()
    assert differences["p_holm"].iloc[0] == pytest.approx(min(1, len(differences) * differences["p_value"].iloc[0]))
    assert differences["p_romano_wolf"].between(1 / 201, 1).all()


def test_a_planted_difference_survives_and_other_measures_are_no_part_of_the_family():
    scores, sample, characteristics = persons()
    renamed = scores.rename(columns=lambda name: name.replace("__amo__", "__annet__"))
    women = characteristics.set_index("person_id").loc[scores["person_id"], "sex"].eq("kvinne").to_numpy()
    renamed[f"score__aft__{OUTCOME}"] += 1.5 * women
    sample = sample.assign(arm=sample["arm"].replace("amo", "annet"))
    tables = estimate_gate(Scored(renamed, sample, characteristics, ARMS), [OUTCOME], BOOTSTRAP, 1)
    found = tables.gate.set_index(["arm", "term"])[["p_holm", "p_romano_wolf"]]
    assert (found.loc[("aft", "kvinne")] < 0.01).all()
    assert found.loc["annet"].isna().all(axis=None)
    assert tables.gate.query("arm == 'aft' and not constant")["p_holm"].notna().all()
    assert tables.tests.query("arm == 'annet'")["p_holm"].isna().all()
