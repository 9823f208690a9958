"""Sample, outcomes and nuisance predictions -> how much effects move without the most extreme control weights."""

from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.stages.effects import schemas
from tiltakseffekt.stages.effects.balancing import weight_features
from tiltakseffekt.stages.effects.clusters import clusters_of
from tiltakseffekt.stages.effects.influence import measure_influence
from tiltakseffekt.stages.effects.settings import EffectSettings
from tiltakseffekt.workflow.job import job

with job(snakemake):
    settings = EffectSettings(**snakemake.params.settings)
    sample = read_table(snakemake.input.sample)
    influence = measure_influence(
        sample,
        read_table(snakemake.input.outcomes),
        read_table(snakemake.input.propensities).query("repetition == 1"),
        read_table(snakemake.input.predictions),
        normalise=settings.normalise,
        features=weight_features(settings, read_table(snakemake.input.covariates), sample),
        cluster=clusters_of(sample, read_table(snakemake.input.offices)) if snakemake.input.offices else None,
    )
    write_table(influence, snakemake.output.influence, schemas.WEIGHT_INFLUENCE)
