"""Sample, covariates, propensities and panel -> effects on work before registration and before the start."""

from tiltakseffekt.core.months import parse_month
from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.stages.effects import schemas
from tiltakseffekt.stages.effects.clusters import clusters_of
from tiltakseffekt.stages.effects.placebo import estimate_placebo, measure_months_before
from tiltakseffekt.stages.effects.settings import EffectSettings
from tiltakseffekt.stages.matching.settings import MatchingSettings
from tiltakseffekt.workflow.job import job

with job(snakemake):
    sample = read_table(snakemake.input.sample)
    placebo = estimate_placebo(
        sample,
        read_table(snakemake.input.covariates),
        measure_months_before(sample, list(snakemake.input.panel), parse_month(snakemake.params.first_month)),
        read_table(snakemake.input.propensities).query("repetition == 1"),
        EffectSettings(**snakemake.params.settings),
        MatchingSettings(**snakemake.params.matching),
        snakemake.params.seed,
        cluster=clusters_of(sample, read_table(snakemake.input.offices)) if snakemake.input.offices else None,
        threads=snakemake.threads,
    )
    write_table(placebo, snakemake.output.placebo, schemas.PLACEBO)
