"""Clean tables and panel of one shard -> the sums behind every printed number of the registers."""

from tiltakseffekt.cohorts.settings import CohortSettings
from tiltakseffekt.core import schemas
from tiltakseffekt.core.codebook import read_codebooks
from tiltakseffekt.core.tables import write_table
from tiltakseffekt.panel.settings import PanelSettings
from tiltakseffekt.validation.calibration.choices import load_choices
from tiltakseffekt.validation.calibration.documents import measure_documents
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    sums = measure_documents(
        {name: snakemake.input[name] for name in snakemake.params.tables},
        read_codebooks(snakemake.input.codebooks),
        load_choices(snakemake.input.choices).definitions,
        CohortSettings(**snakemake.params.cohorts),
        PanelSettings(**snakemake.params.panel),
    )
    write_table(sums, snakemake.output.sums, schemas.CALIBRATION_SUMS)
    log.info("%d cells measured", len(sums))
