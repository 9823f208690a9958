"""Full sample, outcomes and nuisances of the first repetition -> effects under each rule of overlap."""

from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.stages.effects import schemas
from tiltakseffekt.stages.effects.balancing import weight_features
from tiltakseffekt.stages.effects.clusters import clusters_of
from tiltakseffekt.stages.effects.overlap_rules import compare_overlap_rules
from tiltakseffekt.stages.effects.settings import EffectSettings
from tiltakseffekt.stages.matching.settings import OverlapSettings
from tiltakseffekt.workflow.job import job

with job(snakemake):
    settings = EffectSettings(**snakemake.params.settings)
    sample = read_table(snakemake.input.sample)
    rules = compare_overlap_rules(
        sample,
        read_table(snakemake.input.outcomes),
        read_table(snakemake.input.propensities),
        read_table(snakemake.input.predictions),
        OverlapSettings(**snakemake.params.overlap),
        settings,
        snakemake.params.threshold,
        weight_features(settings, read_table(snakemake.input.covariates), sample),
        clusters_of(sample, read_table(snakemake.input.offices)) if snakemake.input.offices else None,
    )
    write_table(rules, snakemake.output.rules, schemas.OVERLAP_RULES)
