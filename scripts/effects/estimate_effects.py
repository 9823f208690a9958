"""Sample, outcomes and nuisances of all repetitions -> scores, average effects and their covariances."""

from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.stages.effects import schemas
from tiltakseffekt.stages.effects.balancing import weight_features
from tiltakseffekt.stages.effects.checks import arms_missing_in_folds
from tiltakseffekt.stages.effects.clusters import clusters_of
from tiltakseffekt.stages.effects.estimates import estimate_effects
from tiltakseffekt.stages.effects.settings import EffectSettings
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    settings = EffectSettings(**snakemake.params.settings)
    sample = read_table(snakemake.input.sample)
    tables = estimate_effects(
        sample,
        read_table(snakemake.input.outcomes),
        read_table(snakemake.input.propensities),
        (read_table(path) for path in snakemake.input.predictions),
        settings,
        snakemake.params.seed,
        clusters_of(sample, read_table(snakemake.input.offices)) if snakemake.input.offices else None,
        weight_features(settings, read_table(snakemake.input.covariates), sample),
    )
    for arm in arms_missing_in_folds(sample):
        log.warning("the arm %s has nobody in some fold; its correction for bias is incomplete", arm)
    write_table(tables.scores, snakemake.output.scores, schemas.SCORES)
    write_table(tables.estimates, snakemake.output.estimates, schemas.ESTIMATES)
    write_table(tables.covariances, snakemake.output.covariances, schemas.COVARIANCES)
    write_table(tables.joint_covariances, snakemake.output.joint_covariances, schemas.JOINT_COVARIANCES)
