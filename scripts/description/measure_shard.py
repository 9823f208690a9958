"""Clean tables and panel of one shard -> the sums behind the description of registered persons and measures."""

from tiltakseffekt.core.arms import Arms
from tiltakseffekt.core.codebook import read_codebooks
from tiltakseffekt.core.tables import write_table
from tiltakseffekt.stages.cohorts.settings import CohortSettings
from tiltakseffekt.stages.description import schemas
from tiltakseffekt.stages.description.measuring import measure_shard, read_shard
from tiltakseffekt.stages.description.settings import DescriptionSettings
from tiltakseffekt.stages.panel.settings import PanelSettings
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    sums = measure_shard(
        read_shard({name: snakemake.input[name] for name in snakemake.params.tables}),
        read_codebooks(snakemake.input.codebooks),
        Arms(**snakemake.params.arms),
        DescriptionSettings(**snakemake.params.settings),
        CohortSettings(**snakemake.params.cohorts),
        PanelSettings(**snakemake.params.panel),
    )
    write_table(sums, snakemake.output.sums, schemas.DESCRIPTION_SUMS)
    log.info("%d sums measured", len(sums))
