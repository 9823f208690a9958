"""Sample, covariates and outcomes -> out-of-fold prediction of each outcome under each arm."""

from tiltakseffekt.core import schemas
from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.matching.nuisances import fit_outcomes
from tiltakseffekt.matching.settings import MatchingSettings
from tiltakseffekt.workflow.job import job

with job(snakemake):
    predictions = fit_outcomes(
        read_table(snakemake.input.sample),
        read_table(snakemake.input.covariates),
        read_table(snakemake.input.outcomes),
        MatchingSettings(**snakemake.params.settings),
        snakemake.params.seed,
        threads=snakemake.threads,
    )
    write_table(predictions, snakemake.output.predictions, schemas.OUTCOME_PREDICTIONS)
