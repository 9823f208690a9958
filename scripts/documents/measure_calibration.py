"""Clean tables of one shard -> the sums behind every printed number about permanent measures."""

from tiltakseffekt.core.codebook import read_codebooks
from tiltakseffekt.core.tables import write_table
from tiltakseffekt.documents import schemas
from tiltakseffekt.documents.calibration.permanent import measure_permanent, read_permanent
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    books = read_codebooks(snakemake.input.codebooks)
    tables = read_permanent({name: snakemake.input[name] for name in snakemake.params.tables})
    sums = measure_permanent(tables, books["diagnose.csv"], books["fylkesenhet.csv"])
    write_table(sums, snakemake.output.sums, schemas.CALIBRATION_SUMS)
    log.info("%d cells measured", len(sums))
