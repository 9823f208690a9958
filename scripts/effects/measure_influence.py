"""Sample, outcomes and nuisance predictions -> how much effects move without the most extreme control weights."""

from tiltakseffekt.core import schemas
from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.effects.influence import measure_influence
from tiltakseffekt.workflow.job import job

with job(snakemake):
    influence = measure_influence(
        read_table(snakemake.input.sample),
        read_table(snakemake.input.outcomes),
        read_table(snakemake.input.propensities).query("repetition == 1"),
        read_table(snakemake.input.predictions),
        normalise=snakemake.params.normalise,
    )
    write_table(influence, snakemake.output.influence, schemas.WEIGHT_INFLUENCE)
