"""Offices of the persons, and clusters from them."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tiltakseffekt.core.tables import table_faults
from tiltakseffekt.stages.effects import schemas
from tiltakseffekt.stages.effects.clusters import clusters_of, find_offices


def test_the_office_is_that_of_the_registration_month(tmp_path):
    rows = {
        "person_id": ["a", "a", "b", "d"],
        "month": [209, 210, 220, 215],
        "nav_office": ["0301", "0219", "5001", None],
    }
    pq.write_table(pa.table(rows).slice(0, 2), tmp_path / "000.parquet")
    pq.write_table(pa.table(rows).slice(2), tmp_path / "001.parquet")
    sample = pd.DataFrame({"person_id": ["d", "c", "b", "a"], "registration_month": [215, 210, 220, 210]})
    offices = find_offices(sample, [str(tmp_path / "000.parquet"), str(tmp_path / "001.parquet")])
    assert not table_faults(offices, schemas.OFFICES)
    by_person = offices.set_index("person_id")["office"]
    assert by_person[["a", "b"]].tolist() == ["0219", "5001"]
    assert by_person[["c", "d"]].isna().all()


def test_who_has_no_office_is_alone():
    sample = pd.DataFrame({"person_id": ["e", "b", "a", "c", "d"]})
    offices = pd.DataFrame({"person_id": list("abcde"), "office": ["2", None, "1", "2", None]})
    cluster = clusters_of(sample, offices)
    assert cluster.dtype == np.int64
    assert cluster.tolist() == [1, 2, 0, 1, 3]
