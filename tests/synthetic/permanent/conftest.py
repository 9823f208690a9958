"""Made-up lives, plausible enough for permanent measures to start in all the ways they can."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from tiltakseffekt.synthetic.permanent.inputs import MONTHS, NEVER, Core, Lives, People, Spells
from tiltakseffekt.synthetic.permanent.overlay import overlay
from tiltakseffekt.synthetic.permanent.parameters import Weights, read_permanent

CONFIG = Path(__file__).resolve().parents[3] / "config"
GROUPS = ["aft", "arbeidstrening", "midl_lonnstilskudd", "oppfolging", "jobbklubb"]
G = 60_000 * 1.04 ** (np.arange(MONTHS) // 12)


def made_up(count, seed=1):
    """Return persons with stretches of work, registration, benefits and measures."""
    random = np.random.default_rng(seed)
    birth = random.integers(-55 * 12, 0, count)
    gone = np.where(random.random(count) < 0.1, random.integers(100, MONTHS, count), NEVER)
    people = People(
        np.arange(count) + 7, (random.random(count) < 0.5).astype(np.uint8), birth, gone, random.integers(0, 12, count)
    )
    months = np.arange(MONTHS)
    entry = random.integers(0, 260, count)[:, None]
    out = entry + random.integers(6, 200, count)[:, None]
    group = np.where((months >= entry) & (months < out), random.choice([0, 1, 2, 2, 3, 3, 3, 4, 5], count)[:, None], -1)
    job = random.integers(0, 200, count)[:, None]
    works = (months >= job) & (months < job + random.integers(6, 120, count)[:, None])
    sick = (group == 4) & (months < entry + 12)
    benefit = np.where(sick, 4, np.where((group == 2) & (random.random(count)[:, None] < 0.6), 1, 0))
    disabled = (random.random(count)[:, None] < 0.4) & (months > entry + 20)
    degree = np.where(disabled, random.choice([50, 100], count)[:, None], 0)
    alive = months < gone[:, None]
    shape = (count, MONTHS)
    lives = Lives(
        group=np.where(alive, group, -1).astype(np.int8),
        work=np.where(works & alive, 2, 0).astype(np.uint8),
        wage=np.where(works & alive, 30_000, 0).astype(np.float32),
        job=np.where(works & alive, np.broadcast_to(job, shape), -1).astype(np.int16),
        benefit=np.where(alive & (degree < 100), benefit, 0).astype(np.uint8),
        social=np.zeros(shape, np.uint8),
        degree=np.where(alive & (months - birth[:, None] < 67 * 12), degree, 0).astype(np.uint8),
        enrolled=np.zeros(shape, np.uint8),
    )
    person = np.repeat(np.arange(count), 2)
    start = np.minimum(entry[person, 0] + random.integers(0, 60, 2 * count), MONTHS - 1)
    spells = Spells(
        person,
        random.integers(0, len(GROUPS), 2 * count),
        start,
        np.minimum(start + random.integers(0, 30, 2 * count), np.minimum(gone[person] - 1, MONTHS - 1)),
        np.ones(2 * count, bool),
    )
    kept = spells.stop >= spells.start
    return Core(people, lives, Spells(*(values[kept] for values in spells)))


@pytest.fixture(scope="session")
def parameters():
    return read_permanent(CONFIG / "synthetic" / "permanent.yaml")


@pytest.fixture(scope="session")
def weights():
    written = (CONFIG / "synthetic" / "permanent_weights.yaml").read_text(encoding="utf-8")
    fitted = Weights.model_validate(yaml.safe_load(written))
    often = {
        name: {year: value + 2.5 for year, value in getattr(fitted, name).items()}
        for name in type(fitted).model_fields
        if "year" in name
    }
    return fitted.model_copy(update=often)


@pytest.fixture(scope="session")
def core():
    return made_up(4_000)


@pytest.fixture(scope="session")
def laid(core, parameters, weights):
    return overlay(11, core, GROUPS, G, parameters, weights)


@pytest.fixture(scope="session")
def config():
    return CONFIG


@pytest.fixture(scope="session")
def groups():
    return GROUPS


@pytest.fixture(scope="session")
def g():
    return G
