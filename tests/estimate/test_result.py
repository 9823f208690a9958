"""What is read and seen of a result, and how the package is reached."""

import subprocess
import sys
from pathlib import Path

import pytest

import tiltakseffekt
from tiltakseffekt.estimate import Effects, estimate_effects
from tiltakseffekt.estimate.example import COVARIATES, make_example
from tiltakseffekt.workflow.code import reachable

#: Few trees, so that tests are quick.
QUICK = {"trees": 10, "folds": 2, "draws": 100}

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def result() -> Effects:
    data = make_example(150, ("none", "course", "subsidy"), 9).data
    return estimate_effects(data, ["y1", "y2"], "arm", "none", COVARIATES, groups=["urban"], **QUICK)


def test_the_summary_says_what_was_done_and_found(result):
    text = result.summary()
    assert repr(result) == text
    assert text.startswith("Effects of arm against none on y1, y2\nrows: 150 given")
    for words in ("learner honest_forest", "trees 10", "ATET", "GATE", "arm subsidy: the weighted controls are worth"):
        assert words in text
    assert max(map(len, text.splitlines())) < 120


def test_a_figure_has_a_panel_for_each_outcome_with_every_effect(result):
    figure = result.plot()
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["Effects on y1", "Effects on y2"]
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert labels[:2] == ["course, ATE", "course, ATET"]
    assert labels[-1] == "subsidy, urban: True"
    assert len(labels) == 8


def test_the_figure_of_the_balance_shows_the_covariates_that_differ_most(result):
    figure = result.plot_balance(most=3)
    assert len(figure.axes) == 2
    own = result.balance[result.balance["arm"] == "course"]
    worst = own.loc[own["before"].abs().idxmax(), "covariate"]
    assert figure.axes[0].get_yticklabels()[0].get_text() == worst
    assert all(len(axes.get_yticks()) == 3 for axes in figure.axes)


def test_remarks_tell_what_speaks_against_trust(result):
    thin = result.overlap.assign(largest_weights=0.5, raised=100)
    unbalanced = result.balance.assign(after=0.2)
    told = Effects(**(vars(result) | {"overlap": thin, "balance": unbalanced})).remarks()
    assert [remark.split(": ")[0] for remark in told] == ["arm course"] * 2 + ["arm subsidy"] * 2 + [
        "arm course",
        "arm subsidy",
    ]
    assert "Look at this" in Effects(**(vars(result) | {"overlap": thin})).summary()


def test_the_package_gives_the_function_and_loads_nothing_else():
    assert tiltakseffekt.estimate_effects is estimate_effects
    with pytest.raises(AttributeError, match="nothing"):
        _ = tiltakseffekt.nothing
    loaded = "import sys, tiltakseffekt; print('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True).stdout.strip() == "False"


@pytest.mark.parametrize("script", sorted((ROOT / "scripts").rglob("*.py")), ids=lambda path: path.stem)
def test_no_job_reaches_it(script):
    modules = {definition.module for definition in reachable(script.read_text(encoding="utf-8"))}
    assert not any(module == "tiltakseffekt" or module.startswith("tiltakseffekt.estimate") for module in modules)
