"""The contract: unknown keys refused, documentation kept equal."""

from pathlib import Path

import pytest
import yaml

from tiltakseffekt.core.errors import FaultsFound
from tiltakseffekt.stages.registers.contract import load_contract

ROOT = Path(__file__).parents[3]


def test_every_fault_of_a_contract_is_told(tmp_path):
    content = yaml.safe_load((ROOT / "config/registers.yaml").read_text(encoding="utf-8"))
    content["tables"]["person"]["columns"]["sex"]["alowed"] = ["1"]
    content["tables"]["education"]["key"] = ["nobody"]
    content["tables"]["income"]["columns"]["work_income"]["pattern"] = "x"
    path = tmp_path / "registers.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(FaultsFound) as error:
        load_contract(path)
    assert len(error.value.faults) == 3
    assert "tables.person.columns.sex.alowed" in str(error.value)


def test_an_extract_may_lack_optional_tables_but_not_others(contract):
    optional = {name for name, table in contract.tables.items() if table.optional}
    assert optional == {"wage_subsidy", "vta_place", "vta_provider", "diagnosis", "nav_office"}
    assert set(contract.required) == set(contract.tables) - optional
