"""Parameters -> made-up municipalities, the same for every shard."""

from tiltakseffekt.core.tables import write_arrow
from tiltakseffekt.registers.synthetic.parameters import read_codebooks, read_parameters
from tiltakseffekt.registers.synthetic.simulate import simulate_municipalities
from tiltakseffekt.workflow.job import job

with job(snakemake):
    codebooks = read_codebooks(
        snakemake.input.grunnbelop,
        snakemake.input.kpi,
        snakemake.input.innsatsgruppe,
        snakemake.input.tiltaksgruppering,
    )
    parameters = read_parameters(snakemake.input.parameters)
    table = simulate_municipalities(snakemake.params.seed, parameters, codebooks)
    write_arrow(table, snakemake.output.municipality)
