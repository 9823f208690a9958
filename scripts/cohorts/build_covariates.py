"""Cohort, panel and registers -> characteristics and covariates of each person at first registration."""

import pandas as pd

from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.stages.cohorts import schemas
from tiltakseffekt.stages.cohorts.covariates import describe_cohort
from tiltakseffekt.stages.cohorts.facts import (
    ENTRY_COLUMNS,
    PANEL_COLUMNS,
    PERSON_COLUMNS,
    CommonTables,
    DescriptionShard,
)
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    given = snakemake.input
    entries = read_table(given.entries, ENTRY_COLUMNS)
    cohort = entries["person_id"]
    paths = zip(given.panel, given.person, given.residence, given.education, given.income, strict=True)
    shards = (
        DescriptionShard(
            read_table(panel, PANEL_COLUMNS, cohort),
            read_table(person, PERSON_COLUMNS, cohort),
            *(read_table(path, persons=cohort) for path in others),
        )
        for panel, person, *others in paths
    )
    common = CommonTables(
        landgruppe=pd.read_csv(given.landgruppe),
        aldersgruppe=pd.read_csv(given.aldersgruppe),
        grunnbelop=pd.read_csv(given.grunnbelop),
        municipality=read_table(given.municipality),
    )
    characteristics, covariates = describe_cohort(entries, shards, common, snakemake.params.names)
    write_table(characteristics, snakemake.output.characteristics, schemas.CHARACTERISTICS)
    write_table(covariates, snakemake.output.covariates, schemas.COVARIATES)
    log.info("%d persons, %d covariates", len(covariates), covariates.shape[1] - 1)
