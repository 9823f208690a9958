"""Sums of all shards, printed numbers and choices -> printed numbers beside those of the registers."""

from pathlib import Path

from tiltakseffekt.core.codebook import read_codebooks
from tiltakseffekt.core.files import read_json
from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.documents import schemas
from tiltakseffekt.documents.calibration.choices import load_choices
from tiltakseffekt.documents.calibration.comparison import compare, printed_targets, read_published
from tiltakseffekt.documents.calibration.documents import gather_documents
from tiltakseffekt.documents.calibration.permanent import incomplete_documents
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    scale = read_json(snakemake.input.receipt)["scale"]
    published, labels = read_published(snakemake.input.published, snakemake.input.labels)
    providers = read_table(snakemake.input.providers) if snakemake.input.providers else None
    units = read_codebooks([snakemake.input.units])["fylkesenhet.csv"]
    described = read_table(snakemake.input.described)
    values = gather_documents(described, map(read_table, snakemake.input.sums), scale, labels, providers, units)
    choices = load_choices(Path(snakemake.input.compared).parent)
    incomplete = incomplete_documents(snakemake.params.tables)
    calibration = compare(values, printed_targets(published, labels), choices, incomplete)
    write_table(calibration, snakemake.output.calibration, schemas.CALIBRATION)
    compared = int((calibration["reason"] == "").sum())
    log.info("%d printed numbers, %d compared", len(calibration), compared)
