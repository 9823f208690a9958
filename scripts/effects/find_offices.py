"""Sample and panel -> the NAV office of each person in the month of registration, by which errors may be clustered."""

from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.stages.effects import schemas
from tiltakseffekt.stages.effects.clusters import find_offices
from tiltakseffekt.workflow.job import job

with job(snakemake):
    offices = find_offices(read_table(snakemake.input.sample), list(snakemake.input.panel))
    write_table(offices, snakemake.output.offices, schemas.OFFICES)
