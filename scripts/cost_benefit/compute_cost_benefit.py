"""Durations, effects and parameters -> costs and benefits of one course of each measure."""

from pathlib import Path

import pandas as pd

from tiltakseffekt.config.loading import read_yaml
from tiltakseffekt.core import keys, schemas
from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.cost_benefit.parameters import parse_parameters
from tiltakseffekt.cost_benefit.table import compute_cost_benefit
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    given = snakemake.input
    parameters = parse_parameters(read_yaml(Path(given.parameters)))
    table = compute_cost_benefit(
        read_table(given.entries, ["person_id", "duration", "tiltakspenger_months"]),
        read_table(given.sample, ["person_id", "arm"]),
        read_table(given.estimates),
        read_table(given.covariances),
        parameters,
    )
    estimated = table.loc[table["basis"] == "as_estimated", "measure"].nunique()
    log.info("Measures with estimated costs and benefits: %s of %s", estimated, len(keys.COST_BENEFIT_MEASURES))
    table = pd.concat([table, read_table(given.bases)], ignore_index=True)
    write_table(table, snakemake.output.cost_benefit, schemas.COST_BENEFIT)
