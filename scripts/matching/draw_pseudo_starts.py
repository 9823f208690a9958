"""Entries, covariates and panel -> the effect sample, with pseudo-starts of the controls and folds."""

from tiltakseffekt.core.arms import Arms
from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.stages.matching import schemas
from tiltakseffekt.stages.matching.pseudo_starts import draw_pseudo_starts
from tiltakseffekt.stages.matching.settings import MatchingSettings
from tiltakseffekt.workflow.job import job

with job(snakemake):
    sample = draw_pseudo_starts(
        read_table(snakemake.input.entries),
        read_table(snakemake.input.covariates),
        list(snakemake.input.panel),
        MatchingSettings(**snakemake.params.settings),
        snakemake.params.window,
        snakemake.params.seed,
        Arms(**snakemake.params.arms).all,
        threads=snakemake.threads,
    )
    write_table(sample, snakemake.output.sample, schemas.SAMPLE)
