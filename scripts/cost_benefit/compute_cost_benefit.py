"""Durations, effects and prices -> costs and benefits of one course of each measure, and what they rest on."""

from pathlib import Path

from tiltakseffekt.config.loading import read_yaml
from tiltakseffekt.core.arms import Arms
from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.stages.cost_benefit import schemas
from tiltakseffekt.stages.cost_benefit.course_inputs import course_inputs
from tiltakseffekt.stages.cost_benefit.parameters import parse_parameters
from tiltakseffekt.stages.cost_benefit.table import compute_cost_benefit, estimated_inputs, unpriced_measures
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    given = snakemake.input
    arms = Arms(**snakemake.params.arms)
    parameters = parse_parameters(read_yaml(Path(given.parameters)), arms.measures)
    sample = read_table(given.sample, ["person_id", "arm"])
    estimated = estimated_inputs(
        read_table(given.entries, ["person_id", "duration", "tiltakspenger_months"]),
        sample,
        read_table(given.estimates),
        read_table(given.covariances),
        parameters,
        dict(zip(snakemake.params.others, map(read_table, given.others), strict=True)),
    )
    unpriced = unpriced_measures(sample, parameters, arms.valued)
    log.info("Measures with costs and benefits: %d; without a price: %d", len(estimated), len(unpriced))
    table = compute_cost_benefit(estimated, parameters, unpriced)
    write_table(table, snakemake.output.cost_benefit, schemas.COST_BENEFIT)
    inputs = course_inputs(estimated, parameters, snakemake.params.confidence)
    write_table(inputs, snakemake.output.course_inputs, schemas.COURSE_INPUTS)
