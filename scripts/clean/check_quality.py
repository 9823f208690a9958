"""Counts of every table -> the quality of the registers, or every fault at once when one stops the run."""

from tiltakseffekt.core.tables import write_table
from tiltakseffekt.stages.clean import schemas
from tiltakseffekt.stages.clean.quality import data_quality, read_counts, stop_at_faults
from tiltakseffekt.stages.clean.settings import CleanSettings
from tiltakseffekt.stages.registers.contract import load_contract
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    quality = data_quality(read_counts(snakemake.input.counts), CleanSettings(**snakemake.params.settings))
    stop_at_faults(quality, load_contract(snakemake.input.contract))
    write_table(quality, snakemake.output.quality, schemas.DATA_QUALITY)
    log.info("%d rows set aside", quality["quarantined"].sum())
