"""Panel, persons and measures -> the cohort of a variant and how many persons each rule left out."""

from tiltakseffekt.core.arms import Arms
from tiltakseffekt.core.months import parse_month
from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.stages.cohorts import schemas
from tiltakseffekt.stages.cohorts.entries import (
    PANEL_COLUMNS,
    PERSON_COLUMNS,
    TILTAK_COLUMNS,
    EntryShard,
    build_entries,
)
from tiltakseffekt.stages.cohorts.settings import CohortSettings
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    paths = zip(snakemake.input.panel, snakemake.input.person, snakemake.input.tiltak, strict=True)
    shards = (
        EntryShard(
            read_table(panel, PANEL_COLUMNS), read_table(person, PERSON_COLUMNS), read_table(tiltak, TILTAK_COLUMNS)
        )
        for panel, person, tiltak in paths
    )
    arms = Arms(**snakemake.params.arms)
    entries, attrition = build_entries(
        shards, CohortSettings(**snakemake.params.settings), arms, parse_month(snakemake.params.last_month)
    )
    write_table(entries, snakemake.output.entries, schemas.ENTRIES.allowing("arm", arms.all))
    write_table(attrition, snakemake.output.attrition, schemas.ATTRITION)
    log.info("%d persons in the cohort", len(entries))
