import numpy as np
import pandas as pd
import pytest

from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.core.files import read_json
from tiltakseffekt.laboratory.study import replications
from tiltakseffekt.laboratory.study.command import Request, _store, validate
from tiltakseffekt.laboratory.study.document import PROVENANCE, SUMMARY
from tiltakseffekt.laboratory.study.estimators import ESTIMATORS, Result
from tiltakseffekt.laboratory.study.literature import literature_designs
from tiltakseffekt.laboratory.study.registers import Pool
from tiltakseffekt.laboratory.study.replications import Plan, chunk_path, gather, replicate, run
from tiltakseffekt.stages.matching.settings import ForestSettings, MatchingSettings

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
    folders = {DESIGN.name: tmp_path}
    replications._write_chunk(tmp_path, DESIGN.name, 1)
    replications._write_chunk(tmp_path, DESIGN.name, 0)
    assert list(run(PLAN, folders, 2, 1)) == [(2, 2)]
    found = gather(folders, 2)
    assert list(dict.fromkeys(found["replication"])) == [0, 1]
    alone = pd.DataFrame(replicate(DESIGN, 1, PLAN), columns=list(found.columns))
    pd.testing.assert_frame_equal(found[found["replication"] == 1].reset_index(drop=True), alone)
    chunk_path(tmp_path, 0).unlink()
    assert next(run(PLAN, folders, 2, 1)) == (1, 2)


def test_designs_that_are_run_anew_replace_their_own_rows_only(tmp_path):
    def rows(design, bias):
        return pd.DataFrame({"design": [design], "estimator": ["oracle"], "bias": [bias]})

    _store(tmp_path, ["a", "b"], pd.concat([rows("a", 0.1), rows("b", 0.2)]), {"a": {"seed": 1}, "b": {"seed": 2}})
    _store(tmp_path, ["a", "b"], rows("a", 1 / 3), {"a": {"seed": 3}})
    assert (tmp_path / SUMMARY).read_text() == "design,estimator,bias\na,oracle,0.333333\nb,oracle,0.2\n"
    assert read_json(tmp_path / PROVENANCE) == {"designs": {"a": {"seed": 3}, "b": {"seed": 2}}}


def test_a_study_without_results_or_with_a_senseless_request_is_refused(tmp_path):
    with pytest.raises(FaultsFound) as refused:
        validate(Request([], 0, 0, "evaluation/main"), tmp_path, tmp_path / "results", 1)
    assert len(refused.value.faults) == 3
