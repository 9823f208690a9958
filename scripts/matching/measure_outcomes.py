"""Sample and panel -> outcomes of each person in the years after the (pseudo-)start."""

from tiltakseffekt.core.months import parse_month
from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.stages.matching import schemas
from tiltakseffekt.stages.matching.outcomes import measure_outcomes
from tiltakseffekt.stages.matching.settings import MatchingSettings
from tiltakseffekt.workflow.job import job

with job(snakemake):
    outcomes = measure_outcomes(
        read_table(snakemake.input.sample),
        list(snakemake.input.panel),
        parse_month(snakemake.params.last_month),
        MatchingSettings(**snakemake.params.settings),
    )
    write_table(outcomes, snakemake.output.outcomes, schemas.OUTCOMES)
