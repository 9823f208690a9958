"""Sample, outcomes, propensities, covariates and offices -> the effect on the treated by several estimators."""

from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.stages.effects import schemas
from tiltakseffekt.stages.effects.comparison import compare_estimators
from tiltakseffekt.workflow.job import job

with job(snakemake):
    tables = compare_estimators(
        read_table(snakemake.input.sample),
        read_table(snakemake.input.outcomes),
        read_table(snakemake.input.propensities),
        read_table(snakemake.input.covariates),
        read_table(snakemake.input.offices),
        read_table(snakemake.input.estimates),
        snakemake.params.confidence,
    )
    write_table(tables.estimates, snakemake.output.estimator_comparison, schemas.ESTIMATOR_COMPARISON)
    write_table(tables.first_stages, snakemake.output.first_stages, schemas.FIRST_STAGES)
