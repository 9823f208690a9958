"""Sample, covariates and outcomes -> out-of-fold prediction of each outcome under each arm."""

from tiltakseffekt.core.arms import Arms
from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.stages.matching import schemas
from tiltakseffekt.stages.matching.folds import of_repetition
from tiltakseffekt.stages.matching.nuisances import fit_outcomes
from tiltakseffekt.stages.matching.settings import MatchingSettings
from tiltakseffekt.workflow.job import job

with job(snakemake):
    settings = MatchingSettings(**snakemake.params.settings)
    arms = Arms(**snakemake.params.arms).all
    repetition = int(snakemake.wildcards.repetition)
    sample = read_table(snakemake.input.sample)
    sample, seed = of_repetition(repetition, sample, settings.folds, snakemake.params.seed, arms)
    predictions = fit_outcomes(
        sample,
        read_table(snakemake.input.covariates),
        read_table(snakemake.input.outcomes),
        settings,
        seed,
        arms,
        threads=snakemake.threads,
    )
    write_table(predictions, snakemake.output.predictions, schemas.OUTCOME_PREDICTIONS)
