import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.matching.settings import ForestSettings, MatchingSettings
from tiltakseffekt.validation.study import replications
from tiltakseffekt.validation.study.command import Request, validate
from tiltakseffekt.validation.study.estimators import ESTIMATORS, Result
from tiltakseffekt.validation.study.literature import literature_designs
from tiltakseffekt.validation.study.registers import Pool
from tiltakseffekt.validation.study.replications import Plan, chunk_path, gather, replicate, run

_NO_POOL = Pool(*(np.ones((2, 2)),) * 5)
PLAN = Plan(_NO_POOL, MatchingSettings(folds=2, forest=ForestSettings(trees=4)), 11)
DESIGN = {design.name: design for design in literature_designs()}["nie_wager_a"]


def test_a_replication_has_an_estimate_of_everything():
    rows = replicate(DESIGN, 0, PLAN)
    table = pd.DataFrame(rows, columns=["design", "replication", "n_arm", *Result._fields])
    assert list(dict.fromkeys(table["estimator"])) == list(ESTIMATORS)
    assert len(table) == len(ESTIMATORS) * 2
    assert np.isfinite(table[["estimate", "se"]]).all(axis=None) and (table["se"] > 0).all()
    # All of them are on the scale of the truth; a sign or a factor would show.
    assert (np.abs(table["estimate"] - 0.5) < 1).all()
    assert replicate(DESIGN, 0, PLAN) == rows
    assert replicate(DESIGN, 1, PLAN) != rows


def test_chunks_go_on_where_they_were(tmp_path, monkeypatch):
    monkeypatch.setattr(replications, "CHUNK", 1)
    monkeypatch.setattr(replications, "_WORKER", {"plan": PLAN, "designs": {DESIGN.name: DESIGN}})
    replications._write_chunk(tmp_path, DESIGN.name, 1)
    replications._write_chunk(tmp_path, DESIGN.name, 0)
    assert list(run(PLAN, [DESIGN.name], 2, tmp_path, 1)) == [(2, 2)]
    found = gather([DESIGN.name], 2, tmp_path)
    assert list(dict.fromkeys(found["replication"])) == [0, 1]
    alone = pd.DataFrame(replicate(DESIGN, 1, PLAN), columns=list(found.columns))
    pd.testing.assert_frame_equal(found[found["replication"] == 1].reset_index(drop=True), alone)
    chunk_path(tmp_path, DESIGN.name, 0).unlink()
    assert next(run(PLAN, [DESIGN.name], 2, tmp_path, 1)) == (1, 2)


def test_a_study_without_results_or_with_a_senseless_request_is_refused(tmp_path):
    with pytest.raises(FaultsFound) as refused:
        validate(Request([], 0, 0), tmp_path, tmp_path / "results", 1)
    assert len(refused.value.faults) == 3
