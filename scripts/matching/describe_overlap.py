"""Sample, propensities and covariates -> overlap of the measures with the controls."""

from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.stages.matching import schemas
from tiltakseffekt.stages.matching.description import describe_overlap
from tiltakseffekt.workflow.job import job

with job(snakemake):
    overlap = describe_overlap(
        read_table(snakemake.input.sample),
        # With more repetitions of the cross-fitting the first is shown.
        read_table(snakemake.input.propensities).query("repetition == 1"),
        read_table(snakemake.input.covariates),
        read_table(snakemake.input.trimming),
        snakemake.params.threshold,
    )
    write_table(overlap, snakemake.output.overlap, schemas.OVERLAP)
