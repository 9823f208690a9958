"""Printed tables of seed-000 and seed-001, and rules -> their numbers on each basis, verdicts and errata."""

from collections import Counter
from pathlib import Path

import pandas as pd

from tiltakseffekt.config.loading import read_yaml
from tiltakseffekt.core import schemas
from tiltakseffekt.core.tables import write_table
from tiltakseffekt.cost_benefit.audit.cells import read_cells
from tiltakseffekt.cost_benefit.wage_subsidy.alternatives import specified_inputs
from tiltakseffekt.cost_benefit.wage_subsidy.audit import (
    STEPS_000,
    STEPS_001,
    audit_table,
    audit_vtao,
    audit_wage_subsidy,
)
from tiltakseffekt.cost_benefit.wage_subsidy.departures import find_errata
from tiltakseffekt.cost_benefit.wage_subsidy.parameters import parse_parameters
from tiltakseffekt.cost_benefit.wage_subsidy.reconstruction import reconstruct
from tiltakseffekt.cost_benefit.wage_subsidy.tables import wage_subsidy_table
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    given, made = snakemake.input, snakemake.output
    parameters = parse_parameters(read_yaml(Path(given.parameters)))
    printed = {name: pd.read_csv(given[name], dtype="str", keep_default_na=False) for name in ("seed_000", "seed_001")}
    cells, vtao = read_cells(printed["seed_000"], STEPS_000), read_cells(printed["seed_001"], STEPS_001)
    found, stated = reconstruct(cells, parameters), specified_inputs(parameters)
    verdicts = audit_table(audit_wage_subsidy(cells, parameters, found), audit_vtao(vtao))
    log.info("Verdicts: %s", dict(Counter(verdicts["verdict"])))
    write_table(wage_subsidy_table(cells, vtao, parameters, found, stated), made.numbers, schemas.WAGE_SUBSIDY)
    write_table(verdicts, made.verdicts, schemas.AUDIT)
    write_table(find_errata(cells, parameters, found.inputs, stated), made.errata, schemas.WAGE_SUBSIDY_ERRATA)
