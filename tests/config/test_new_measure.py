"""A measure is added with one entry in the evaluation, its codes and its words; no code knows of it."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.config.evaluations import all_labels, load_evaluations
from tiltakseffekt.config.loading import load_configuration
from tiltakseffekt.core import keys
from tiltakseffekt.core.codebook import measure_groups, read_codebooks
from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.core.tables import table_faults
from tiltakseffekt.core.yaml_files import read_yaml
from tiltakseffekt.documents.audit.reading import prices_of_document
from tiltakseffekt.stages.cohorts.entries import assign_arms
from tiltakseffekt.stages.cohorts.schemas import ENTRIES
from tiltakseffekt.stages.cost_benefit.parameters import parse_parameters
from tiltakseffekt.stages.cost_benefit.table import NO_PRICE, compute_cost_benefit, unpriced_measures
from tiltakseffekt.stages.effects.estimates import estimate_effects
from tiltakseffekt.stages.effects.schemas import ESTIMATES
from tiltakseffekt.stages.effects.settings import BootstrapSettings, EffectSettings
from tiltakseffekt.stages.exhibits.builders.effects import figur_maneder_i_arbeid
from tiltakseffekt.stages.heterogeneity.persons import measures
from tiltakseffekt.stages.matching.folds import assign_folds
from tiltakseffekt.stages.matching.nuisances import fit_outcomes, fit_propensities
from tiltakseffekt.stages.matching.overlap import restrict_overlap
from tiltakseffekt.stages.matching.settings import ForestSettings, MatchingSettings

CONFIG = Path(__file__).parents[2] / "config"
FEW_TREES = MatchingSettings(forest=ForestSettings(trees=12))
PERSONS = 400


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    """The configuration of the project with a measure ``x_test``."""
    folder = tmp_path_factory.mktemp("project") / "config"
    shutil.copytree(CONFIG, folder)
    _insert(folder / "codebook/labels.csv", "label,key", "Prøvetiltak,x_test,row,effektrapport_2024,")
    _insert(folder / "codebook/tiltaksgruppering.csv", "group,name", "Prøvetiltak,Prøvetiltak,XTEST,201001,202212,0")
    _insert(folder / "evaluations/tiltakseffekter/evaluation.yaml", "    - utvidet_oppfolging", "    - x_test")
    for language in ("nb", "en"):
        _insert(folder / f"evaluations/tiltakseffekter/labels/{language}.yaml", "measures:", '  x_test: "Test"')
    return folder


def _insert(path, after, line):
    lines = path.read_text(encoding="utf-8").splitlines()
    place = next(number for number, text in enumerate(lines) if text.startswith(after))
    path.write_text("\n".join([*lines[: place + 1], line, *lines[place + 1 :], ""]), encoding="utf-8")


@pytest.fixture(scope="module")
def arms(config):
    return load_evaluations(config / "evaluations")["tiltakseffekter"].arms


def test_the_configuration_knows_it(config, arms):
    assert load_configuration(config)
    assert arms.measures[-1] == "x_test"
    assert measure_groups(read_codebooks((config / "codebook").glob("*.csv")))["XTEST"] == "x_test"
    assert all_labels(config, "nb")["tiltakseffekter"].groups["measures"]["x_test"] == "Test"


@pytest.fixture(scope="module")
def cohort(arms):
    """Arms of persons by their first measure, drawn at random."""
    random = np.random.default_rng(5)
    first = pd.Series(random.choice(["", "amo", "x_test", "vta"], PERSONS, p=[0.5, 0.2, 0.2, 0.1]), dtype="str")
    return assign_arms(first.where(first != ""), 10, arms)


@pytest.fixture(scope="module")
def tables(cohort, arms):
    """The sample, its propensities and its estimated effects."""
    random = np.random.default_rng(6)
    persons = [f"p{number:03d}" for number in range(PERSONS)]
    sample = pd.DataFrame({"person_id": persons, "arm": cohort, "fold": assign_folds(cohort, 5, 1, arms.all)})
    covariates = pd.DataFrame(random.normal(size=(PERSONS, 2)), columns=["x_a", "x_b"]).assign(person_id=persons)
    outcomes = pd.DataFrame(random.random((PERSONS, 6)), columns=list(keys.YEARLY_OUTCOMES)).assign(person_id=persons)
    fitted = fit_propensities(sample, covariates, FEW_TREES, 1, arms.all)
    restricted = restrict_overlap(sample, [fitted], FEW_TREES.overlap)
    predictions = fit_outcomes(sample, covariates, outcomes, FEW_TREES, 1, arms.all)
    settings = EffectSettings(bootstrap=BootstrapSettings(draws=100))
    effects = estimate_effects(restricted.sample, outcomes, restricted.propensities, [predictions], settings, 1)
    return restricted, effects


def test_the_cohort_has_it_and_other_measures_are_collected(cohort, arms):
    assert set(cohort) == {"ikke_tiltak", "amo", "x_test", "annet"}
    assert "x_test" in (ENTRIES.allowing("arm", arms.all).columns["arm"].allowed)


def test_it_has_propensities_effects_and_scores(tables, arms):
    restricted, effects = tables
    assert keys.arms_of(restricted.propensities) == ("ikke_tiltak", "amo", "x_test", "annet")
    assert not table_faults(effects.estimates, ESTIMATES)
    assert "x_test" in set(effects.estimates["arm"])
    assert measures(effects.scores, "months_in_work_y1", arms) == ("amo", "x_test", "annet")


def test_figures_show_it_in_its_place(tables, arms):
    assert figur_maneder_i_arbeid(tables[1].estimates, arms)["row"].unique().tolist() == ["amo", "x_test", "annet"]


def test_without_a_price_the_cost_benefit_analysis_says_so(tables, config, arms):
    parameters = parse_parameters(read_yaml(config / "evaluations/tiltakseffekter/prices.yaml"), arms.measures)
    unpriced = unpriced_measures(tables[0].sample, parameters, arms.valued)
    assert list(unpriced) == ["x_test"]
    table = compute_cost_benefit({}, parameters, unpriced)
    assert set(table["measure"]) == {"x_test"}
    assert set(table["text"]) == {NO_PRICE}


def test_a_price_is_all_that_the_cost_benefit_analysis_asks_of_it(config, arms):
    prices = read_yaml(config / "evaluations/tiltakseffekter/prices.yaml")
    amo = prices["measures"]["amo"]
    prices["measures"]["x_test"] = {name: amo[name] for name in ("price", "caseworker_factor")}
    assert parse_parameters(prices, arms.measures).unpriced(arms.valued) == ()
    with pytest.raises(FaultsFound, match="x_test"):
        parse_parameters(prices, arms.measures[:-1])
    assert tuple(prices_of_document(prices).measures) == tuple(key for key in prices["measures"] if key != "x_test")
