"""Durations, effects and parameters -> costs and benefits of one course of each measure, and what they rest on."""

from pathlib import Path

import pandas as pd

from tiltakseffekt.config.loading import read_yaml
from tiltakseffekt.core import keys
from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.stages.cost_benefit import schemas
from tiltakseffekt.stages.cost_benefit.course_inputs import course_inputs
from tiltakseffekt.stages.cost_benefit.parameters import parse_parameters
from tiltakseffekt.stages.cost_benefit.table import compute_cost_benefit, estimated_inputs
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    given = snakemake.input
    parameters = parse_parameters(read_yaml(Path(given.parameters)))
    estimated = estimated_inputs(
        read_table(given.entries, ["person_id", "duration", "tiltakspenger_months"]),
        read_table(given.sample, ["person_id", "arm"]),
        read_table(given.estimates),
        read_table(given.covariances),
        parameters,
    )
    log.info("Measures with estimated costs and benefits: %s of %s", len(estimated), len(keys.COST_BENEFIT_MEASURES))
    table = pd.concat([compute_cost_benefit(estimated, parameters), read_table(given.bases)], ignore_index=True)
    write_table(table, snakemake.output.cost_benefit, schemas.COST_BENEFIT)
    inputs = course_inputs(estimated, parameters, snakemake.params.confidence)
    write_table(inputs, snakemake.output.course_inputs, schemas.COURSE_INPUTS)
