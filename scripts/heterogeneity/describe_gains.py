"""Scores, characteristics and predictions -> who gains: projection, effects by fifth, and who is in the fifths."""

from tiltakseffekt.core.arms import Arms
from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.stages.effects.clusters import clusters_of
from tiltakseffekt.stages.heterogeneity import schemas
from tiltakseffekt.stages.heterogeneity.gains import describe_gains
from tiltakseffekt.stages.heterogeneity.persons import Scored
from tiltakseffekt.stages.heterogeneity.settings import HeterogeneitySettings
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    sample = read_table(snakemake.input.sample)
    scored = Scored(
        read_table(snakemake.input.scores),
        sample,
        read_table(snakemake.input.characteristics),
        Arms(**snakemake.params.arms),
        clusters_of(sample, read_table(snakemake.input.offices)) if snakemake.input.offices else None,
    )
    tables = describe_gains(
        scored,
        read_table(snakemake.input.covariates),
        read_table(snakemake.input.predictions),
        HeterogeneitySettings(**snakemake.params.settings),
        snakemake.params.confidence,
    )
    sorted_arms = set(tables.sorted_effects["arm"])
    for arm in sorted(set(tables.projection["arm"]) - sorted_arms):
        log.warning("the predicted effects of %s do not tell persons apart; they are not sorted", arm)
    write_table(tables.projection, snakemake.output.projection, schemas.PROJECTION)
    write_table(tables.sorted_effects, snakemake.output.sorted_effects, schemas.SORTED_EFFECTS)
    write_table(tables.classification, snakemake.output.classification, schemas.CLASSIFICATION)
    write_table(tables.fifths, snakemake.output.fifths, schemas.FIFTHS)
