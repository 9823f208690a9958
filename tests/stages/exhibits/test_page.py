"""The page on which a reader moves assumptions: its numbers are those of the engine, in two engines of JavaScript."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from py_mini_racer import MiniRacer
from tests.arms import ARMS

from tiltakseffekt.config.evaluations import all_labels
from tiltakseffekt.config.loading import read_yaml
from tiltakseffekt.core.tables import table_faults
from tiltakseffekt.stages.cost_benefit import schemas
from tiltakseffekt.stages.cost_benefit.course_inputs import MOVABLE, course_inputs
from tiltakseffekt.stages.cost_benefit.engine import stay_of_mean
from tiltakseffekt.stages.cost_benefit.parameters import parse_parameters
from tiltakseffekt.stages.cost_benefit.scenarios import vary_all
from tiltakseffekt.stages.cost_benefit.table import Inputs, course_of
from tiltakseffekt.stages.cost_benefit.valuation import value_case
from tiltakseffekt.stages.exhibits.builders.cost_benefit import hva_hvis
from tiltakseffekt.stages.exhibits.catalogue import DRAWINGS, load_catalogue
from tiltakseffekt.stages.exhibits.drawing import draw
from tiltakseffekt.stages.exhibits.labels import compose_text
from tiltakseffekt.stages.exhibits.tidy import read_tidy, write_tidy
from tiltakseffekt.stages.exhibits.words import select_labels
from tiltakseffekt.stages.export.disclosure import control
from tiltakseffekt.stages.export.settings import DisclosureSettings

CONFIG = Path(__file__).resolve().parents[3] / "config"
OWN = CONFIG / "evaluations/tiltakseffekter"
ENTRY = {entry.id: entry for entry in load_catalogue(OWN / "exhibits.yaml")}["hva-hvis"]
PARAMETERS = parse_parameters(read_yaml(OWN / "prices.yaml"), ARMS.measures)
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SETTINGS = 20


def text_in(language):
    labels = select_labels(all_labels(CONFIG, language)["tiltakseffekter"], ENTRY)
    return compose_text(ENTRY, labels, {"confidence": 0.95}, "synthetic")


@pytest.fixture(scope="module")
def estimated():
    """Return inputs like the estimated ones; the effect of one measure begins anew in year 4 and lasts longer."""
    root = np.array([[300.0, 0, 0, 0], [100.0, 250.0, 0, 0], [50.0, 150.0, 400.0, 0], [0, 0, 0, 350.0]])
    inputs = {}
    for number, (key, measure) in enumerate(PARAMETERS.measures.items(), 1):
        effects = (-500.0 * number, 250.0 * number, 400.0 * number, 2000.0)[: 4 if measure.late_effect else 3]
        case = course_of(measure, PARAMETERS.general, 0.1 * (number % 4), stay_of_mean(1.3 * number), effects)
        covariance = (root @ root.T * number)[: len(effects), : len(effects)]
        inputs[key] = Inputs(case, 1.3 * number, 0.1, 0.5, covariance=covariance, participants=4 + number)
    return inputs


@pytest.fixture(scope="module")
def data(estimated, tmp_path_factory):
    """Return the data as they leave: through the file, with its ten digits."""
    path = tmp_path_factory.mktemp("page") / "data.csv"
    write_tidy(hva_hvis(course_inputs(estimated, PARAMETERS, 0.95), arms=ARMS), path)
    return read_tidy(path)


@pytest.fixture(scope="module")
def page(data):
    return draw(data, ENTRY, text_in("nb"))["page.html"].decode()


def script(page, name):
    return re.search(rf'<script[^>]* id="{name}">(.*?)</script>', page, re.S)[1]


def content(page):
    return json.loads(script(page, "data"))


@pytest.fixture(scope="module")
def settings(page):
    """Return settings of the controls that lie on their steps, in the units of the controls; the report's is first."""
    rng = np.random.default_rng(20)
    controls = content(page)["controls"]
    steps = [round((control["high"] - control["low"]) / control["step"]) for control in controls]
    drawn = [
        {c["key"]: c["low"] + int(rng.integers(0, n + 1)) * c["step"] for c, n in zip(controls, steps, strict=True)}
        for _ in range(SETTINGS - 1)
    ]
    return [{control["key"]: control["value"] for control in controls}, *drawn]


@pytest.fixture(scope="module")
def by_the_engine(estimated, settings):
    """Return the net benefit and its error by setting and measure."""
    found = []
    for setting in settings:
        valued = {key: value_case(vary_all(given.case, setting), given.covariance) for key, given in estimated.items()}
        found.append({key: (one.net, one.net_se) for key, one in valued.items()})
    return found


def same(ranked, expected):
    order = [key for key, _ in sorted(expected.items(), key=lambda item: -item[1][0])]
    assert [one["key"] for one in ranked] == order
    for one in ranked:
        assert (one["net"], one["se"]) == pytest.approx(expected[one["key"]], rel=1e-6, abs=0.01)


def test_the_script_gives_what_the_engine_gives(page, settings, by_the_engine):
    context = MiniRacer()
    context.eval(script(page, "engine"))
    own = content(page)
    measures = json.dumps(own["measures"])
    assert len(settings) == SETTINGS
    for setting, expected in zip(settings, by_the_engine, strict=True):
        units = {control["key"]: 1 if control["unit"] == "years" else 100 for control in own["controls"]}
        given = own["given"] | {key: value / units[key] for key, value in setting.items()}
        same(json.loads(context.eval(f"JSON.stringify(ranking({measures}, {json.dumps(given)}))")), expected)


HARNESS = """
var found = SETTINGS.map(function (setting) {
  Object.keys(setting).forEach(function (key) {
    var input = document.getElementById("input-" + key);
    input.value = setting[key];
    input.dispatchEvent(new Event("input"));
  });
  return Array.from(document.querySelectorAll("#list li"), function (item) {
    return { key: item.dataset.key, net: Number(item.dataset.net), se: Number(item.dataset.se),
      place: Number(item.querySelector(".place").textContent) };
  });
});
document.getElementById("reset").click();
var shown = document.getElementById("summary").textContent;
document.body.replaceChildren(Object.assign(document.createElement("pre"), {
  id: "found", textContent: JSON.stringify({ found: found, shown: shown }) }));
"""


@pytest.mark.skipif(BROWSER is None, reason="no Chromium on the PATH")
def test_a_reader_in_a_browser_sees_what_the_engine_gives(page, settings, by_the_engine, tmp_path):
    harness = HARNESS.replace("SETTINGS", json.dumps(settings))
    (tmp_path / "page.html").write_text(page.replace("</body>", f"<script>{harness}</script></body>"), encoding="utf-8")
    flags = ("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom")
    call = [BROWSER, *flags, (tmp_path / "page.html").as_uri()]
    dom = subprocess.run(call, capture_output=True, text=True, timeout=120, check=True).stdout
    seen = json.loads(re.search(r'<pre id="found">(.*?)</pre>', dom, re.S)[1])
    for ranked, expected in zip(seen["found"], by_the_engine, strict=True):
        same(ranked, expected)
        assert [one["place"] for one in ranked] == list(range(1, len(ranked) + 1))
    assert seen["shown"].endswith("0 av 9 har en annen plass enn i rapporten.")


def test_the_page_says_what_the_report_says(page, estimated):
    nets = {key: value_case(given.case).net for key, given in estimated.items()}
    for measure in content(page)["measures"]:
        assert measure["netto"] == pytest.approx(nets[measure["key"]], rel=1e-9)
    # Without JavaScript the list is the ranking of the report.
    names = re.findall(r'<span class="name">(.*?)</span>', page)
    words = all_labels(CONFIG, "nb")["tiltakseffekter"].groups["measures"]
    assert names == [words[key] for key in sorted(nets, key=lambda key: -nets[key])]


def test_every_control_begins_where_the_report_stands(page):
    controls = {control["key"]: control for control in content(page)["controls"]}
    assert set(controls) == set(MOVABLE)
    for key in MOVABLE:
        control = controls[key]
        assert control["value"] == getattr(PARAMETERS.general, key).value
        steps = (control["value"] - control["low"]) / control["step"]
        assert steps == pytest.approx(round(steps))


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_page_needs_nothing_else_and_carries_the_mark(data, language):
    files = draw(data, ENTRY, text_in(language))
    assert set(files) == set(DRAWINGS["page"])
    page = files["page.html"].decode()
    assert not re.search(r"https?://|src=|@import|url\(|fetch\(|XMLHttpRequest", page)
    assert f'<html lang="{language}">' in page
    assert text_in(language).mark in page.split("<main>")[0]
    assert text_in(language).mark in files["note.md"].decode()
    assert "$" not in page


def test_a_measure_with_few_participants_is_left_out(data):
    checked = control(data, ENTRY.disclosure, DisclosureSettings(threshold=7, review_above=1.0))
    drawn = draw(checked.data, ENTRY, text_in("nb"))["page.html"].decode()
    # Measures have 5, 6, 7 ... participants.
    assert len(content(drawn)["measures"]) == 7
    assert "personvernet" in drawn


def test_courses_of_other_than_mean_duration_have_no_page(estimated):
    table = course_inputs(estimated, PARAMETERS, 0.95)
    assert table_faults(table, schemas.COURSE_INPUTS) == []
    table.loc[table["subject"] == "time_on_measure", "text"] = "survival"
    drawn = draw(hva_hvis(table, arms=ARMS), ENTRY, text_in("nb"))
    assert set(drawn) == set(DRAWINGS["page"])
    assert text_in("nb").placeholders["empty"] in drawn["page.html"].decode()
