"""LaLonde's experiment and the survey -> the known effect, and what each estimator finds without the controls."""

from tiltakseffekt.core.tables import write_table
from tiltakseffekt.laboratory import schemas
from tiltakseffekt.laboratory.lalonde import estimate_lalonde, read_lalonde
from tiltakseffekt.stages.effects.settings import EffectSettings
from tiltakseffekt.stages.matching.settings import MatchingSettings
from tiltakseffekt.workflow.job import job

with job(snakemake):
    table = estimate_lalonde(
        read_lalonde(snakemake.input.nsw),
        read_lalonde(snakemake.input.cps),
        MatchingSettings(**snakemake.params.matching),
        EffectSettings(**snakemake.params.effects),
        snakemake.params.seed,
        threads=snakemake.threads,
    )
    write_table(table, snakemake.output.lalonde, schemas.LALONDE)
