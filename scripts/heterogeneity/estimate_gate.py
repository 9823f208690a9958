"""Scores and characteristics -> effects by group with p-values that allow for many tests, and joint tests of them."""

from tiltakseffekt.core.arms import Arms
from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.stages.effects.clusters import clusters_of
from tiltakseffekt.stages.effects.settings import BootstrapSettings
from tiltakseffekt.stages.heterogeneity import schemas
from tiltakseffekt.stages.heterogeneity.gate import estimate_gate, missing_groupings
from tiltakseffekt.stages.heterogeneity.persons import Scored
from tiltakseffekt.stages.heterogeneity.settings import HeterogeneitySettings
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    sample = read_table(snakemake.input.sample)
    scored = Scored(
        read_table(snakemake.input.scores),
        sample,
        read_table(snakemake.input.characteristics),
        Arms(**snakemake.params.arms),
        clusters_of(sample, read_table(snakemake.input.offices)) if snakemake.input.offices else None,
    )
    tables = estimate_gate(
        scored,
        HeterogeneitySettings(**snakemake.params.settings).outcomes,
        BootstrapSettings(**snakemake.params.bootstrap),
        snakemake.params.seed,
    )
    for grouping in missing_groupings(tables.gate):
        log.warning("%s is left out: nobody in the sample is in its base group", grouping)
    write_table(tables.gate, snakemake.output.gate, schemas.GATE)
    write_table(tables.tests, snakemake.output.tests, schemas.GATE_TESTS)
