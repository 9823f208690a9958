"""A table about persons as received, and the clean persons -> clean shards, what was found and counts."""

from pathlib import Path

from tiltakseffekt.core.codebook import read_codebooks
from tiltakseffekt.core.files import by_folder, write_json
from tiltakseffekt.stages.clean.settings import CleanSettings
from tiltakseffekt.stages.clean.tables import Destination, Finished, Resources, Source, clean_table
from tiltakseffekt.stages.registers.contract import load_contract
from tiltakseffekt.stages.registers.settings import CsvFormat
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    settings = CleanSettings(**snakemake.params.settings)
    counts = clean_table(
        snakemake.wildcards.table,
        Source(tuple(map(Path, snakemake.input.registers)), CsvFormat(**snakemake.params.csv)),
        load_contract(snakemake.input.contract),
        read_codebooks(snakemake.input.codebooks),
        Destination(list(map(Path, snakemake.output.clean)), Path(snakemake.output.quarantine)),
        Resources(settings.duckdb_memory, snakemake.threads, Path(snakemake.params.workspace)),
        Finished(list(map(Path, snakemake.input.persons)), by_folder(snakemake.input.beside)),
    )
    write_json(snakemake.output.counts, counts.as_dict())
    log.info("%d rows received, %d kept", counts.received, counts.kept)
