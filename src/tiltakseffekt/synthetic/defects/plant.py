"""Planting defects in the tables of a shard, one after the other, each in rows that are sound so far."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pandas as pd

from tiltakseffekt.core.codebook import Codebooks
from tiltakseffekt.core.tables import spelt_out
from tiltakseffekt.stages.registers.contract import Contract
from tiltakseffekt.synthetic.defects.jobs import income_without_job, job_without_income, late_deregistration
from tiltakseffekt.synthetic.defects.ledger import Plan, Tables, no_entries
from tiltakseffekt.synthetic.defects.numbers import old_municipality_numbers, old_office_numbers, reform
from tiltakseffekt.synthetic.defects.rows import (
    conflicting_rows,
    duplicate_parts,
    duplicate_rows,
    sentinel_codes,
    wrong_century,
)
from tiltakseffekt.synthetic.defects.settings import Defect, DefectSettings
from tiltakseffekt.synthetic.defects.spells import (
    expired_codes,
    gapped_spells,
    measures_after_exit,
    overlapping_spells,
)


def plant_defects(
    tables: Tables, contract: Contract, codebooks: Codebooks, settings: DefectSettings, seed: int, shard: int
) -> tuple[Tables, pd.DataFrame]:
    """Return the tables of a shard with defects, and the ledger of what was broken.

    Parameters
    ----------
    tables
        Tables of the contract about persons, sorted by key; defects of tables that are not there are left out.
    contract
        Keys, types and months of the tables.
    codebooks
        Codes of measures and numbers that were replaced.
    settings
        Which defects, and how often.
    seed, shard
        Seed of the run and number of the shard; what happens to a person does not depend on the shard, but for parts
        that are delivered twice.

    Returns
    -------
    tuple
        The tables, and the ledger with the schema DEFECT_LEDGER; nothing changes when no defect is planted.
    """
    plants: Mapping[Defect, Callable[[Tables, Plan], tuple[Tables, pd.DataFrame]]] = {
        "wrong_century": wrong_century,
        "old_municipality_numbers": old_municipality_numbers,
        "old_office_numbers": old_office_numbers,
        "measures_after_exit": measures_after_exit,
        "expired_codes": expired_codes,
        "gapped_spells": gapped_spells,
        "overlapping_spells": overlapping_spells,
        "late_deregistration": late_deregistration,
        "income_without_job": income_without_job,
        "job_without_income": job_without_income,
        "sentinel_codes": sentinel_codes,
        "conflicting_rows": conflicting_rows,
        "duplicate_rows": duplicate_rows,
        "duplicate_parts": duplicate_parts,
    }
    ledger = no_entries()
    if not settings.rates:
        return tables, ledger
    plan = Plan(seed, shard, settings, contract, codebooks)
    damaged = reform({name: spelt_out(table) for name, table in tables.items()}, plan)
    for defect in settings.rates:
        damaged, listed = plants[defect](damaged, plan)
        ledger = pd.concat([ledger, listed], ignore_index=True)
        broken = {str(name): frozenset(of["key"]) for name, of in ledger.groupby("table")}
        plan = replace(plan, broken=broken)
    return damaged, ledger
