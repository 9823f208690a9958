"""Sample, covariates, propensities, characteristics and panel -> characteristics and paths of the compared groups."""

from tiltakseffekt.core.months import parse_month
from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.stages.effects import schemas
from tiltakseffekt.stages.effects.balancing import weight_features
from tiltakseffekt.stages.effects.group_description import describe_balance, describe_paths
from tiltakseffekt.stages.effects.groups import compared_groups
from tiltakseffekt.stages.effects.settings import EffectSettings
from tiltakseffekt.workflow.job import job

with job(snakemake):
    settings = EffectSettings(**snakemake.params.settings)
    sample = read_table(snakemake.input.sample)
    groups = compared_groups(
        sample,
        # With more repetitions of the cross-fitting the first is shown.
        read_table(snakemake.input.propensities).query("repetition == 1"),
        normalise=settings.normalise,
        features=weight_features(settings, read_table(snakemake.input.covariates), sample),
    )
    balance = describe_balance(groups, read_table(snakemake.input.characteristics))
    paths = describe_paths(
        groups,
        list(snakemake.input.panel),
        parse_month(snakemake.params.first_month),
        parse_month(snakemake.params.last_month),
    )
    write_table(balance, snakemake.output.balance, schemas.BALANCE)
    write_table(paths, snakemake.output.paths, schemas.PATHS)
