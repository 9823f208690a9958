"""Clean NAV status, clean measures and panel -> who is registered with NAV, and what becomes of new registrations."""

from pathlib import Path

from tiltakseffekt.core.arms import Arms
from tiltakseffekt.core.months import parse_month
from tiltakseffekt.core.tables import write_table
from tiltakseffekt.stages.clean.tables import Resources
from tiltakseffekt.stages.cohorts import schemas
from tiltakseffekt.stages.cohorts.description import Shard, describe_registrations
from tiltakseffekt.stages.cohorts.registration import Period
from tiltakseffekt.stages.description.settings import DescriptionSettings
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    given, params, written = snakemake.input, snakemake.params, snakemake.output
    settings = DescriptionSettings(**params.settings)
    period = Period(
        parse_month(settings.first_month), parse_month(settings.last_month), settings.months_without_registration
    )
    paths = zip(given.nav_status, given.tiltak, given.panel, strict=True)
    tables = describe_registrations(
        [Shard(*map(Path, files)) for files in paths],
        period,
        parse_month(params.first_month),
        parse_month(params.last_month),
        params.confidence,
        Resources(params.memory, snakemake.threads, Path(params.workspace)),
        Arms(**params.arms),
    )
    for schema in (schemas.NAV_MONTHS, schemas.NAV_PATHS, schemas.WAGE_CLASSES, schemas.MEASURE_SURVIVAL):
        write_table(tables[schema.name], written[schema.name], schema)
    log.info("%d persons at first registration", tables["nav_paths"]["n"].sum())
