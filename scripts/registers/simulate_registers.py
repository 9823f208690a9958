"""Parameters -> the register tables of one shard of made-up persons, and their planted truth."""

from tiltakseffekt.registers.settings import RegisterSettings
from tiltakseffekt.registers.synthetic.parameters import read_codebooks, read_parameters
from tiltakseffekt.registers.synthetic.simulate import simulate_shard, write_shard
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    settings = RegisterSettings.model_validate(snakemake.params.settings)
    shard = simulate_shard(
        snakemake.params.seed,
        int(snakemake.wildcards.shard),
        settings.scale,
        settings.shards,
        read_parameters(snakemake.input.parameters),
        read_codebooks(
            snakemake.input.grunnbelop,
            snakemake.input.kpi,
            snakemake.input.innsatsgruppe,
            snakemake.input.tiltaksgruppering,
        ),
    )
    write_shard(shard, {name: snakemake.output[name] for name in shard.tables}, snakemake.output.truth)
    for name, table in shard.tables.items():
        log.info("%s: %d rows", name, table.num_rows)
