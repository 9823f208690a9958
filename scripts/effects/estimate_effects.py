"""Sample, outcomes and nuisance predictions -> scores, average effects and their covariances, for all that follows."""

from tiltakseffekt.core import schemas
from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.effects.estimates import arms_missing_in_folds, estimate_effects
from tiltakseffekt.effects.settings import EffectSettings
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    sample = read_table(snakemake.input.sample)
    tables = estimate_effects(
        sample,
        read_table(snakemake.input.outcomes),
        read_table(snakemake.input.propensities),
        read_table(snakemake.input.predictions),
        EffectSettings(**snakemake.params.settings),
    )
    for arm in arms_missing_in_folds(sample):
        log.warning("the arm %s has nobody in some fold; its correction for bias is incomplete", arm)
    write_table(tables.scores, snakemake.output.scores, schemas.SCORES)
    write_table(tables.estimates, snakemake.output.estimates, schemas.ESTIMATES)
    write_table(tables.covariances, snakemake.output.covariances, schemas.COVARIANCES)
    write_table(tables.joint_covariances, snakemake.output.joint_covariances, schemas.JOINT_COVARIANCES)
