"""Scores, predictions, outcomes and costs -> policies of who gets what, and what each would be worth."""

from pathlib import Path

from tiltakseffekt.config.loading import read_yaml
from tiltakseffekt.core.arms import Arms
from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.stages.allocation import schemas
from tiltakseffekt.stages.allocation.policies import Evidence, allocate, mean_predictions
from tiltakseffekt.stages.allocation.rewards import rewards_of
from tiltakseffekt.stages.allocation.settings import AllocationSettings
from tiltakseffekt.stages.cost_benefit.parameters import parse_parameters
from tiltakseffekt.stages.cost_benefit.table import estimated_inputs
from tiltakseffekt.workflow.job import job

with job(snakemake):
    given = snakemake.input
    sample, scores = read_table(given.sample), read_table(given.scores)
    entries = read_table(given.entries, ["person_id", "duration", "tiltakspenger_months"])
    estimates, covariances = read_table(given.estimates), read_table(given.covariances)
    arms = Arms(**snakemake.params.arms)
    parameters = parse_parameters(read_yaml(Path(given.parameters)), arms.measures)
    inputs = estimated_inputs(entries, sample[["person_id", "arm"]], estimates, covariances, parameters)
    predictions = mean_predictions([read_table(path) for path in given.predictions])
    tables = allocate(
        Evidence(sample, read_table(given.outcomes), read_table(given.covariates), scores, predictions),
        rewards_of(scores, inputs, arms),
        AllocationSettings(**snakemake.params.settings),
        snakemake.params.confidence,
    )
    write_table(tables.rewards, snakemake.output.rewards, schemas.POLICY_REWARDS)
    write_table(tables.values, snakemake.output["values"], schemas.POLICY_VALUES)
    write_table(tables.shares, snakemake.output.shares, schemas.POLICY_SHARES)
    write_table(tables.rules, snakemake.output.rules, schemas.POLICY_RULES)
    write_table(tables.assignments, snakemake.output.assignments, schemas.POLICY_ASSIGNMENTS)
