"""Sample, covariates and propensities -> balance of the covariates under the weights of the estimates."""

from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.stages.effects import schemas
from tiltakseffekt.stages.effects.balance import measure_balance
from tiltakseffekt.stages.effects.balancing import weight_features
from tiltakseffekt.stages.effects.groups import compared_groups
from tiltakseffekt.stages.effects.settings import EffectSettings
from tiltakseffekt.workflow.job import job

with job(snakemake):
    settings = EffectSettings(**snakemake.params.settings)
    sample, covariates = read_table(snakemake.input.sample), read_table(snakemake.input.covariates)
    groups = compared_groups(
        sample,
        read_table(snakemake.input.propensities).query("repetition == 1"),
        normalise=settings.normalise,
        features=weight_features(settings, covariates, sample),
    )
    write_table(measure_balance(groups, covariates), snakemake.output.balance, schemas.WEIGHTED_BALANCE)
