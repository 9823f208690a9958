import pandas as pd
from tests.arms import ARMS

from tiltakseffekt.stages.matching.samples import arm_codes, arms_present, covariate_matrix

SAMPLE = pd.DataFrame({"person_id": ["P2", "P1", "P3"], "arm": ["amo", "ikke_tiltak", "amo"]})


def test_arms_come_in_the_order_of_the_keys_and_only_if_someone_has_them():
    assert arms_present(SAMPLE, ARMS.all) == ["ikke_tiltak", "amo"]


def test_codes_follow_the_arms_that_are_given():
    assert arm_codes(SAMPLE, ["ikke_tiltak", "amo"]).tolist() == [1, 0, 1]
    assert arm_codes(SAMPLE, ["amo", "ikke_tiltak"]).tolist() == [0, 1, 0]


def test_covariates_come_in_the_order_of_the_persons():
    covariates = pd.DataFrame(
        {"person_id": ["P1", "P2", "P3"], "x_a": [1, 2, 3], "other": 9, "x_b": [True, False, True]}
    )
    assert covariate_matrix(covariates, SAMPLE["person_id"]).tolist() == [[2, 0], [1, 1], [3, 1]]
