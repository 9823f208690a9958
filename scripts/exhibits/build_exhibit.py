"""Tables of the stages -> the tidy data of one exhibit."""

from importlib import import_module

from tiltakseffekt.core.arms import Arms
from tiltakseffekt.stages.exhibits.catalogue import parse_entry
from tiltakseffekt.stages.exhibits.inputs import read_input
from tiltakseffekt.stages.exhibits.tidy import write_tidy
from tiltakseffekt.workflow.job import job

with job(snakemake):
    entry = parse_entry(snakemake.params.entry)
    module, _, function = entry.builder.partition(":")
    build = getattr(import_module(module), function)
    tables = {name: read_input(snakemake.input[name]) for name in entry.inputs}
    arms = {"arms": Arms(**snakemake.params.arms)} if entry.arms else {}
    data = build(**tables, **arms, **snakemake.params.settings)
    write_tidy(data, snakemake.output.data)
