import pandas as pd
import pytest

from tiltakseffekt.stages.exhibits.states import stack

STATES = ["a", "b", "c", "d"]


def stacked(*shares):
    data = pd.DataFrame({"x": 0.0, "row": STATES, "value": shares})
    bottom, top = stack(data, STATES)
    return bottom.loc[0.0].tolist(), top.loc[0.0].tolist()


def test_states_lie_on_top_of_each_other():
    assert stacked(40.0, 30.0, 20.0, 10.0) == ([0.0, 40.0, 70.0, 90.0], [40.0, 70.0, 90.0, 100.0])


def test_what_is_hidden_keeps_its_room_where_the_first_of_it_belongs():
    nothing = float("nan")
    bottom, top = stacked(40.0, nothing, nothing, 10.0)
    assert bottom == pytest.approx([0, 90, 90, 90])
    assert top == pytest.approx([40, 90, 90, 100])


def test_shares_that_are_rounded_to_more_than_the_whole_leave_no_room():
    assert stacked(60.1, 40.0, float("nan"), float("nan"))[1] == pytest.approx([60.1, 100.1, 100.1, 100.1])
