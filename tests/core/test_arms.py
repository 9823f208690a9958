import pytest
from pydantic import ValidationError
from tests.arms import ARMS

from tiltakseffekt.core.arms import Arms


def test_arms_stand_in_the_order_of_the_readers():
    arms = Arms(measures=("b", "a"), small_groups="rest", chains=({"key": "b_a", "first": "b", "second": "a"},))
    assert arms.treated == ("b", "a", "rest")
    assert arms.unchained == ("ikke_tiltak", "b", "a", "rest")
    assert arms.all == ("ikke_tiltak", "b", "a", "rest", "b_a")
    assert arms.chain_of == {("b", "a"): "b_a"}


def test_a_measure_is_valued_unless_the_evaluation_says_otherwise():
    assert Arms(measures=("a", "b"), not_valued=("a",)).valued == ("b",)
    assert set(ARMS.measures) - set(ARMS.valued) == {"avklaring"}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"measures": ("a", "a")}, "stands twice"),
        ({"measures": ("ikke_tiltak",)}, "key of the controls"),
        ({"measures": ("a",), "not_valued": ("b",)}, "no measure of the evaluation: b"),
        ({"measures": ("a",), "chains": ({"key": "a_b", "first": "a", "second": "b"},)}, "no measure"),
    ],
)
def test_arms_that_contradict_each_other_are_refused(wrong, told):
    with pytest.raises(ValidationError, match=told):
        Arms(**wrong)


def test_they_come_through_the_parameters_of_a_rule_as_they_are():
    assert Arms(**ARMS.model_dump(mode="json")) == ARMS
