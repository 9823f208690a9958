import shutil
from pathlib import Path

import pytest
import yaml

from tiltakseffekt.config.evaluations import load_evaluations
from tiltakseffekt.config.loading import load_configuration, merge, setting_at
from tiltakseffekt.core.errors import ConfigurationError, FaultsFound

ROOT = Path(__file__).parents[2]


def test_every_variant_of_the_project_loads():
    configurations = load_configuration(ROOT / "config")
    assert configurations["tiltakseffekter/main"].cohorts.washout_months == 24
    assert configurations["tiltakseffekter/washout_12"].cohorts.washout_months == 12
    assert configurations["tiltakseffekter/washout_12"].effects == configurations["tiltakseffekter/main"].effects


@pytest.mark.parametrize("overlay", ["full.yaml", "extracts.yaml"])
def test_every_overlay_of_the_project_loads(overlay):
    content = yaml.safe_load((ROOT / "config" / overlay).read_text(encoding="utf-8"))
    assert load_configuration(ROOT / "config", content)["base"] != load_configuration(ROOT / "config")["base"]


def test_all_faults_come_at_once_with_path_value_and_a_block_to_paste():
    wrong = {
        "registers": {"scal": 0.1, "provider": "fil"},
        "seed": -1,
        "cohorts": {"first_registration": "2017-13"},
    }
    with pytest.raises(ConfigurationError) as caught:
        load_configuration(ROOT / "config", wrong)
    message = str(caught.value)
    assert message.startswith("4 faults")
    assert "registers.scal is not a setting" in message
    assert "did you mean registers.scale? Paste:\n    registers:\n      scale: 0.1" in message
    assert "registers.provider = 'fil'" in message
    assert "'synthetic' or 'files'" in message
    assert "seed = -1" in message
    assert "YYYY-MM" in message


@pytest.fixture
def folder(tmp_path):
    shutil.copy(ROOT / "config" / "config.yaml", tmp_path)
    own = tmp_path / "evaluations" / "tiltakseffekter"
    own.mkdir(parents=True)
    (own / "evaluation.yaml").write_text("title: t\n")
    return tmp_path


def test_a_setting_is_found_in_the_variant_that_its_path_names():
    configurations = load_configuration(ROOT / "config")
    assert setting_at(configurations, "cohorts.washout_months") == 24
    assert setting_at(configurations, "cohorts.washout_months@washout_12", "tiltakseffekter/main") == 12
    assert setting_at(configurations, "cohorts.washout_months", "tiltakseffekter/aft_sample") == 12
    assert setting_at(configurations, "effects.confidence@washout_12", "tiltakseffekter/main") == 0.95


def test_the_faults_of_a_variant_name_the_variant(folder):
    (folder / "evaluations/tiltakseffekter/variants.yaml").write_text(
        "wide: {meaning: m, source: s, overrides: {cohorts: {wash: 1}}}\nbare: {meaning: m}\n"
    )
    with pytest.raises(ConfigurationError) as caught:
        load_configuration(folder)
    assert "variants.yaml: wide: cohorts.wash is not a setting" in str(caught.value)
    assert "variants.yaml: bare: source" in str(caught.value)


def test_text_that_is_no_yaml_is_told_with_its_line(folder):
    (folder / "evaluations/tiltakseffekter/variants.yaml").write_text("a: [1\nb: 2\n")
    with pytest.raises(ConfigurationError, match="not valid YAML at line"):
        load_configuration(folder)


def test_merge_goes_into_sections_and_replaces_values():
    assert merge({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"b": 9}, "d": 4}) == {"a": {"b": 9, "c": 2}, "d": 4}


def test_an_evaluation_that_reads_another_has_its_variants_and_arms():
    configurations = load_configuration(ROOT / "config")
    assert configurations["teknisk_rapport/washout_12"] is configurations["tiltakseffekter/washout_12"]
    evaluations = load_evaluations(ROOT / "config/evaluations")
    assert evaluations["teknisk_rapport"].arms == evaluations["tiltakseffekter"].arms


def test_an_evaluation_cannot_read_one_that_is_not_there(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "one/evaluation.yaml").write_text("title: One\nreads: none\n", encoding="utf-8")
    with pytest.raises(FaultsFound, match="there is no evaluation none"):
        load_evaluations(tmp_path)
