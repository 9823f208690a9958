"""Scores and characteristics -> effects by group, for the table of heterogeneous effects."""

from tiltakseffekt.core import schemas
from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.heterogeneity.gate import estimate_gate, missing_groupings
from tiltakseffekt.heterogeneity.settings import HeterogeneitySettings
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    gate = estimate_gate(
        read_table(snakemake.input.scores),
        read_table(snakemake.input.sample),
        read_table(snakemake.input.characteristics),
        HeterogeneitySettings(**snakemake.params.settings).outcomes,
    )
    for grouping in missing_groupings(gate):
        log.warning("%s is left out: nobody in the sample is in its base group", grouping)
    write_table(gate, snakemake.output.gate, schemas.GATE)
