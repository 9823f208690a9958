"""The planted gain of policies by hand on three persons, without truth, and with broken truth."""

import pandas as pd
import pytest

from tiltakseffekt.core import keys
from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.core.tables import table_faults
from tiltakseffekt.laboratory import schemas
from tiltakseffekt.laboratory.policies import gains_by_truth

PERSONS = ["a", "b", "c"]
ARM = ["ikke_tiltak", "aft", "aft"]
#: Planted months in work of each person under each arm.
PLANTED = {"ikke_tiltak": [4, 5, 6], "aft": [7, 5, 3]}


@pytest.fixture
def given():
    rows = [
        {"person_id": person, "registration_month": 210, "arm": arm} | dict.fromkeys(keys.YEARLY_OUTCOMES, months[k])
        for arm, months in PLANTED.items()
        for k, person in enumerate(PERSONS)
    ]
    shares = {"half": [0.5] * 3, "nobody": [0.0] * 3, "first": [1.0, 0, 0]}
    return {
        "rewards": pd.DataFrame(
            {
                "reward": "months",
                "arm": list(PLANTED),
                "cost": [0.0, 1.0],
                "offered": True,
                "weight__months_in_work_y1": 2.0,
            }
        ).assign(weight__wage_income_y1=float("nan")),
        "assignments": pd.DataFrame(
            [
                {
                    "reward": "months",
                    "policy": policy,
                    "person_id": person,
                    "share__ikke_tiltak": 1 - s,
                    "share__aft": s,
                }
                for policy, by_person in shares.items()
                for person, s in zip(PERSONS[::-1], by_person[::-1], strict=True)
            ]
        ),
        "sample": pd.DataFrame({"person_id": PERSONS, "registration_month": 210, "arm": ARM}).iloc[::-1],
        "truth": pd.DataFrame(rows),
    }


def test_gains_by_hand(given):
    """Rewards without measure 8, 10, 12, with it 13, 9, 5; today 8, 9, 5."""
    gains = gains_by_truth(**given).set_index("policy")["truth"]
    assert gains["nobody"] == pytest.approx((0 + 1 + 7) / 3)
    assert gains["half"] == pytest.approx((2.5 + 0.5 + 3.5) / 3)
    assert gains["first"] == pytest.approx((5 + 1 + 7) / 3)


def test_without_truth_there_is_no_row(given):
    gains = gains_by_truth(**(given | {"truth": given["truth"].iloc[:0]}))
    assert gains.empty
    assert not table_faults(gains, schemas.POLICY_TRUTH)


def test_persons_without_planted_outcome_are_told(given):
    with pytest.raises(FaultsFound, match="no planted outcome"):
        gains_by_truth(**(given | {"truth": given["truth"].iloc[1:]}))
