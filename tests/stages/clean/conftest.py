"""Made-up registers, sound in every table, as Parquet or CSV, whole or in parts."""

from pathlib import Path

import pandas as pd
import pytest

from tiltakseffekt.core.codebook import read_codebooks
from tiltakseffekt.stages.clean.tables import Destination, Finished, Resources, Source, TableCounts, clean_table
from tiltakseffekt.stages.registers.contract import load_contract
from tiltakseffekt.stages.registers.layout import table_files
from tiltakseffekt.stages.registers.settings import CsvFormat

ROOT = Path(__file__).parents[3]
SHARDS = 3


@pytest.fixture(scope="session")
def contract():
    return load_contract(ROOT / "config/registers.yaml")


@pytest.fixture(scope="session")
def codebooks():
    return read_codebooks((ROOT / "config/codebook").glob("*.csv"))


@pytest.fixture
def tables():
    """Four persons with something in every table."""
    ids = [f"{number:04d}" for number in range(1, 5)]
    months = [201801, 201802, 201803]
    person_month = pd.DataFrame([(person, month) for person in ids for month in months], columns=["person_id", "month"])
    person_year = pd.DataFrame(
        [(person, year) for person in ids for year in (2017, 2018)], columns=["person_id", "year"]
    )
    missing = pd.array([pd.NA] * 4, dtype="Int64")
    return {
        "person": pd.DataFrame(
            {
                "person_id": ids,
                "sex": ["1", "2", "1", "2"],
                "birth_month": [198001, 199012, 197505, 196007],
                "birth_country": ["NOR", "SYR", "POL", "NOR"],
                "immigration_category": ["A", "B", "B", "A"],
                "first_immigration_month": pd.array([pd.NA, 201510, 200806, pd.NA], dtype="Int64"),
                "death_month": missing,
                "emigration_month": missing,
            }
        ),
        "residence": person_year.assign(municipality="0301", family_type="1", children=1),
        "education": person_year.assign(nus2000="401101"),
        "enrolment": person_month.iloc[:2],
        "employment": person_month.assign(
            employer_id="E1",
            occupation="0110",
            industry="01",
            sector="private",
            agreed_hours=37.5,
            position_pct=100 / 3,
            wage=30000.1 + person_month.index * 1000 / 7,
        ),
        "income": person_year.assign(work_income=-1.5, pensionable_income=400000.0),
        "nav_status": person_month.assign(
            kvalifiseringsgruppe="BFORM", jobseeker_status="helt_ledig", nav_office="0312"
        ),
        "tiltak": pd.DataFrame(
            {
                "person_id": ids[:2],
                "measure_code": ["ARBTREN", "UFØREPENLØ"],
                "start_month": [201802, 201006],
                "stop_month": pd.array([201803, pd.NA], dtype="Int64"),
                "main_measure": [True, False],
            }
        ),
        "benefits": person_month.assign(benefit="dagpenger", amount=12000.0),
        "disability": pd.DataFrame({"person_id": ids[3:], "month": [201803], "degree": [50]}),
        "municipality": pd.DataFrame(
            {
                "municipality": ["0301", "0301"],
                "month": [201801, 201802],
                "unemployment": [2.4, 2.3],
                "mean_income": [45000.0, 45010.0],
                "disability_share": [6.1, 6.2],
                "centrality": [1, 1],
            }
        ),
        "wage_subsidy": pd.DataFrame(
            {
                "person_id": ids[2:3] * 2,
                "month": [202301, 202302],
                "employer_id": "E1",
                "measure_code": "VARLONTIL",
                "industry": "01",
                "sector": "public_enterprise",
                "agreed_hours": 18.75,
                "wage": [float("nan"), 20000.0],
                "wage_cost": [float("nan"), 26000.0],
                "subsidy_rate": [float("nan"), 50.0],
                "subsidy": [13000.0, 13000.0],
            }
        ),
        "vta_place": pd.DataFrame(
            {
                "person_id": ids[3:],
                "start_month": [201501],
                "stop_month": pd.array([pd.NA], dtype="Int64"),
                "arrangement": ["skjermet"],
                "provider_id": ["F1"],
                "interrupted": pd.array([pd.NA], dtype="boolean"),
            }
        ),
        "vta_provider": pd.DataFrame({"provider_id": ["F1"], "county_unit": ["oslo"], "places": [30]}),
        "diagnosis": pd.DataFrame(
            {"person_id": ids[3:], "basis": ["uforetrygd"], "month": [201403], "diagnosis": ["F1"]}
        ),
        "nav_office": pd.DataFrame({"nav_office": ["0312"], "county_unit": ["oslo"]}),
    }


def write_registers(tables, folder, form="parquet", separator=",", encoding="utf-8", parts=1):
    """Write register tables into a folder, whole or in parts."""
    for name, table in tables.items():
        for part in range(parts):
            rows = table.iloc[part::parts]
            path = folder / f"{name}.{form}" if parts == 1 else folder / name / f"piece {part}.{form}"
            path.parent.mkdir(parents=True, exist_ok=True)
            if form == "parquet":
                rows.to_parquet(path, index=False)
            else:
                rows.to_csv(path, index=False, sep=separator, encoding=encoding)
    return folder


@pytest.fixture
def write():
    return write_registers


@pytest.fixture
def clean(tmp_path, contract, codebooks):
    """Return a function that cleans every table of a folder and returns counts by table."""

    def run(folder: Path, csv_format: CsvFormat | None = None, threads: int = 1) -> dict[str, TableCounts]:
        counts = {}
        persons = [folder / f"clean/person-{shard}.parquet" for shard in range(SHARDS)]
        for name in contract.cleaning_order:
            table, files = contract.tables[name], table_files(folder, name)
            if table.optional and not files:
                continue
            shards = SHARDS if table.about_persons else 1
            counts[name] = clean_table(
                name,
                Source(tuple(files), csv_format or CsvFormat()),
                contract,
                codebooks,
                Destination(
                    [folder / f"clean/{name}-{shard}.parquet" for shard in range(shards)],
                    folder / f"quarantine/{name}.parquet",
                ),
                Resources("500MB", threads, tmp_path / "work"),
                Finished(
                    persons if table.about_persons and name != "person" else (),
                    {
                        other: [folder / f"clean/{other}-{shard}.parquet" for shard in range(SHARDS)]
                        for other in table.beside
                    },
                ),
            )
        return counts

    return run
