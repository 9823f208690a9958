"""Group effects: made-up persons, group means, what happens to empty groups."""

import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.core import keys, schemas
from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.core.tables import table_faults
from tiltakseffekt.heterogeneity.gate import GROUPINGS, estimate_gate, missing_groupings

OUTCOME = "months_in_work_y3"


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
def gate() -> pd.DataFrame:
    return estimate_gate(*persons(), [OUTCOME])


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
    """The group effects, weighted by group size, give the one ATE back, as in seed-004."""
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
    gate = estimate_gate(scores, sample, older, [OUTCOME])
    assert missing_groupings(gate) == ("age_group",)
    assert set(gate["grouping"]) == {"innsatsgruppe", "sex", "landgruppe", "ledighetskategori"}


def test_bad_input_is_named():
    scores, sample, characteristics = persons()
    with pytest.raises(FaultsFound, match=r"heterogeneity.outcomes: in_work_m01.*scores are kept for yearly"):
        estimate_gate(scores, sample, characteristics, ["in_work_m01"])
    with pytest.raises(FaultsFound) as caught:
        estimate_gate(scores.iloc[5:], sample, characteristics.iloc[:-2], [OUTCOME])
    assert "scores: person_id: persons of the sample are missing (5)" in str(caught.value)
    assert "characteristics: person_id: persons of the sample are missing (2)" in str(caught.value)
