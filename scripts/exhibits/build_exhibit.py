"""Tables of the stages -> the tidy data of one exhibit."""

from importlib import import_module

from tiltakseffekt.core.arms import Arms
from tiltakseffekt.stages.exhibits.inputs import read_input
from tiltakseffekt.stages.exhibits.tidy import write_tidy
from tiltakseffekt.workflow.job import job

with job(snakemake):
    module, _, function = snakemake.params.builder.partition(":")
    build = getattr(import_module(module), function)
    tables = {name: read_input(path) for name, path in snakemake.input.items()}
    arms = {"arms": Arms(**snakemake.params.arms)} if snakemake.params.arms else {}
    data = build(**tables, **arms, **snakemake.params.settings)
    write_tidy(data, snakemake.output.data)
