"""Full sample and propensities of all repetitions -> the sample that is kept, bounded propensities, counts by arm."""

from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.stages.matching import schemas
from tiltakseffekt.stages.matching.overlap import restrict_overlap
from tiltakseffekt.stages.matching.settings import OverlapSettings
from tiltakseffekt.workflow.job import job

with job(snakemake):
    restricted = restrict_overlap(
        read_table(snakemake.input.sample),
        [read_table(path) for path in snakemake.input.propensities],
        OverlapSettings(**snakemake.params.settings),
    )
    write_table(restricted.sample, snakemake.output.sample, schemas.SAMPLE)
    write_table(restricted.propensities, snakemake.output.propensities, schemas.BOUNDED_PROPENSITIES)
    write_table(restricted.trimming, snakemake.output.trimming, schemas.TRIMMING)
