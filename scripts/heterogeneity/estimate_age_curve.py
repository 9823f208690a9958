"""Scores and ages -> the effect of each measure by age, for the figure of effects by age."""

from tiltakseffekt.core import schemas
from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.heterogeneity.age import estimate_age_curve
from tiltakseffekt.heterogeneity.settings import HeterogeneitySettings
from tiltakseffekt.workflow.job import job

with job(snakemake):
    age_curve = estimate_age_curve(
        read_table(snakemake.input.scores),
        read_table(snakemake.input.sample),
        read_table(snakemake.input.characteristics),
        HeterogeneitySettings(**snakemake.params.settings),
        snakemake.params.confidence,
    )
    write_table(age_curve, snakemake.output.age_curve, schemas.AGE_CURVE)
