"""Scores, ages and work histories -> the effect of each measure along both, for the figures of curves."""

from tiltakseffekt.core.arms import Arms
from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.stages.effects.clusters import clusters_of
from tiltakseffekt.stages.effects.settings import EffectSettings
from tiltakseffekt.stages.heterogeneity import schemas
from tiltakseffekt.stages.heterogeneity.kernel import estimate_curves
from tiltakseffekt.stages.heterogeneity.persons import Scored
from tiltakseffekt.stages.heterogeneity.settings import HeterogeneitySettings
from tiltakseffekt.workflow.job import job

with job(snakemake):
    sample = read_table(snakemake.input.sample)
    scored = Scored(
        read_table(snakemake.input.scores),
        sample,
        read_table(snakemake.input.characteristics),
        Arms(**snakemake.params.arms),
        clusters_of(sample, read_table(snakemake.input.offices)) if snakemake.input.offices else None,
    )
    curves = estimate_curves(
        scored,
        read_table(snakemake.input.covariates),
        HeterogeneitySettings(**snakemake.params.settings),
        EffectSettings(**snakemake.params.effects),
        snakemake.params.seed,
    )
    write_table(curves, snakemake.output.curves, schemas.EFFECT_CURVES)
