"""Sums of all shards -> the sums over all persons."""

from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.stages.description import schemas
from tiltakseffekt.stages.description.measuring import add_up
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    sums = add_up(map(read_table, snakemake.input.sums))
    write_table(sums, snakemake.output.sums, schemas.DESCRIPTION_SUMS)
    log.info("%d sums", len(sums))
