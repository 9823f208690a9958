"""Real data: the counts and the benchmark of the literature, and estimators held against them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.core.tables import table_faults
from tiltakseffekt.laboratory import schemas
from tiltakseffekt.laboratory.exhibits.validation import figur_lalonde
from tiltakseffekt.laboratory.lalonde import (
    COLUMNS,
    estimate_lalonde,
    persons_of,
    read_lalonde,
)
from tiltakseffekt.stages.effects.comparators import Estimate, difference_of_means
from tiltakseffekt.stages.effects.settings import EffectSettings
from tiltakseffekt.stages.matching.settings import ForestSettings, MatchingSettings, OverlapSettings

FOLDER = Path(__file__).resolve().parents[2] / "config/laboratory/lalonde"
NSW, CPS = (read_lalonde(FOLDER / f"{name}.csv") for name in ("nsw", "cps"))


def naive(table: pd.DataFrame) -> Estimate:
    persons = persons_of(table)
    return difference_of_means(persons.arm, persons.outcome, 1, 0)


def test_persons_are_those_of_dehejia_and_wahba():
    assert NSW["treat"].value_counts().to_dict() == {0: 260, 1: 185}
    assert (len(CPS), CPS["treat"].sum()) == (15_992, 0)


def test_the_benchmark_and_the_naive_difference_are_those_of_the_literature():
    """Dehejia and Wahba (1999, Table 3): 1 794 (633) and -8 498 (712), with one variance for both groups."""
    survey = pd.concat([NSW[NSW["treat"] == 1], CPS])
    for table, effect, error in ((NSW, 1794, 633), (survey, -8498, 712)):
        assert naive(table).value == pytest.approx(effect, abs=0.5)
        groups = [group["re78"] for _, group in table.groupby("treat")]
        pooled = sum(group.var() * (len(group) - 1) for group in groups) / (len(table) - 2)
        assert np.sqrt(pooled * sum(1 / len(group) for group in groups)) == pytest.approx(error, abs=0.5)


def test_no_earnings_are_covariates_of_their_own():
    table = pd.DataFrame(0.0, index=range(5), columns=list(COLUMNS))
    assert persons_of(table).x[:, -2:].tolist() == [[1, 1]] * 5


@pytest.fixture(scope="module")
def estimates():
    """A twentieth of the survey and few trees, to be quick."""
    forest = ForestSettings(trees=20)
    settings = MatchingSettings(folds=2, forest=forest, overlap=OverlapSettings(clip=0.005))
    return estimate_lalonde(NSW, CPS.iloc[::20], settings, EffectSettings(), 1)


def test_every_estimator_comes_nearer_to_the_experiment_than_none(estimates):
    assert not table_faults(estimates, schemas.LALONDE)
    by_name = estimates.set_index(["estimator", "engine"])["estimate"]
    benchmark, naive = by_name[("experiment", "")], by_name[("naive", "")]
    assert len(by_name) == 8
    others = by_name.drop([("experiment", ""), ("naive", "")])
    assert (others > (benchmark + naive) / 2).all()
    assert estimates["n_control"].tolist() == [260] + [800] * 7


def test_the_figure_sets_published_estimates_below(estimates):
    published = pd.DataFrame(
        {"row": ["trykt_lagdeling", "trykt_nabo"], "estimate": ["1713", "1616"], "se": ["", "751"]}
    )
    data = figur_lalonde(estimates, published, 0.95).set_index("row")
    assert data.index[0] == "eksperiment"
    assert data.loc["eksperiment", ["value", "count"]].tolist() == [pytest.approx(1794.3, abs=0.1), 445]
    assert np.isnan(data.loc["trykt_lagdeling", "low"])
    assert data.loc["trykt_nabo", "high"] == pytest.approx(1616 + 1.959964 * 751)


def test_all_faults_of_a_file_are_told_at_once_without_values(tmp_path):
    broken = NSW.drop(columns="age").astype({"re78": "object"})
    broken.loc[[0, 3], "re78"] = "secret"
    broken.loc[5, "educ"] = np.nan
    broken.to_csv(tmp_path / "nsw.csv", index=False)
    with pytest.raises(FaultsFound) as caught:
        read_lalonde(tmp_path / "nsw.csv")
    assert [(fault.column, fault.count) for fault in caught.value.faults] == [("age", 1), ("educ", 1), ("re78", 2)]
    assert "secret" not in str(caught.value)
