"""The parts of the simulation that carry the causal design, on small hand-made cases."""

from pathlib import Path

import numpy as np
import pytest

from tiltakseffekt.core import keys
from tiltakseffekt.registers.synthetic.assignment import centred_differences
from tiltakseffekt.registers.synthetic.outcomes import effect_tables, probability_under
from tiltakseffekt.registers.synthetic.parameters import read_codebooks, read_parameters
from tiltakseffekt.registers.synthetic.population import choose
from tiltakseffekt.registers.synthetic.tables import strings, year_month
from tiltakseffekt.registers.synthetic.work import at_2022_prices, measured_history, nominal_wage

CONFIG = Path(__file__).resolve().parents[2] / "config"


@pytest.fixture(scope="module")
def parameters():
    return read_parameters(CONFIG / "synthetic.yaml")


@pytest.fixture(scope="module")
def codebooks():
    names = ("grunnbelop", "kpi", "innsatsgruppe", "tiltaksgruppering")
    return read_codebooks(*[CONFIG / "codebook" / f"{name}.csv" for name in names])


def test_effects_begin_after_the_start_month(parameters):
    moves, factors = effect_tables(parameters)
    assert (moves[:, 0] == 0).all() and (factors[:, 0] == 1).all()
    assert (moves[:, 1] != 0).any()


def test_effects_have_the_signs_of_the_report(parameters):
    moves = dict(zip(keys.TREATED_ARMS, effect_tables(parameters)[0], strict=True))
    assert (moves["arbeidsrettet_rehab"][1:37] < 0).all()
    assert (moves["midl_lonnstilskudd"][1:37] > 0).all()
    assert moves["utdanning"][1] < 0 < moves["utdanning"][36]
    assert moves["aft"][1:7].mean() < moves["aft"][12] < moves["aft"][36] < 0.02


def test_differences_are_zero_on_average_over_the_participants(parameters):
    differences = centred_differences(parameters)
    assert set(differences) == set(keys.MEASURES)
    for arm, by_group in differences.items():
        composition = {"innsatsgruppe": parameters.selection.treated[arm], **parameters.composition[arm]}
        for name, values in by_group.items():
            share = np.array(composition[name])
            assert values[: len(share)] @ share / share.sum() == pytest.approx(0), (arm, name)


def test_probabilities_stay_inside_the_limits(parameters):
    moved = probability_under(np.array([0.05, 0.5, 0.95], dtype=np.float32), np.array([-0.2, 0.1, 0.2]), parameters)
    assert moved == pytest.approx([0.01, 0.6, 0.99])


def test_history_is_measured_up_to_entry():
    works = np.zeros((3, 40), dtype=bool)
    works[0, 20] = True
    works[1, 15] = True
    works[2, [8, 14, 21]] = True
    category, worked = measured_history(works, np.array([20, 20, 20]))
    assert category.tolist() == [0, 1, 2]
    assert worked.tolist() == [0, 1, 2]


def test_a_wage_in_work_exceeds_a_twelfth_of_g(parameters, codebooks):
    column = np.array([214])
    wage = nominal_wage(np.array([100.0], dtype=np.float32), 1.0, column, codebooks, parameters.work)
    assert wage[0] > codebooks.g[-1] / 12


def test_wages_are_deflated_by_the_yearly_index(codebooks):
    column = np.array([(2018 - 2005) * 12 + 3])
    assert at_2022_prices(np.array([30000.0]), column, codebooks)[0] == round(30000 * 122.8 / 108.4)


def test_choice_follows_the_weights_of_the_row():
    drawn = choose(np.random.default_rng(1), [[1, 0, 0], [0, 1, 1]], np.array([0] * 50 + [1] * 2000))
    assert (drawn[:50] == 0).all()
    assert np.bincount(drawn[50:], minlength=3)[1:] == pytest.approx([1000, 1000], abs=120)


def test_months_and_strings_are_written_as_the_contract_says():
    assert year_month(np.array([0, 11, 12, 215])).tolist() == [200501, 200512, 200601, 202212]
    assert strings(np.array([1, -1, 0]), ["a", "b"]).to_pylist() == ["b", None, "a"]
