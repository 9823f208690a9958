"""Tables of the stages -> the data and the drawing of one exhibit."""

from importlib import import_module
from pathlib import Path

from tiltakseffekt.core.arms import Arms
from tiltakseffekt.core.files import read_json
from tiltakseffekt.stages.exhibits.catalogue import parse_entry
from tiltakseffekt.stages.exhibits.drawing import draw, write_files
from tiltakseffekt.stages.exhibits.inputs import read_input
from tiltakseffekt.stages.exhibits.labels import compose_text
from tiltakseffekt.stages.exhibits.rounding import drawn_digits
from tiltakseffekt.stages.exhibits.tidy import read_tidy, write_tidy
from tiltakseffekt.workflow.job import job

with job(snakemake):
    entry = parse_entry(snakemake.params.entry)
    module, _, function = entry.builder.partition(":")
    build = getattr(import_module(module), function)
    tables = {name: read_input(snakemake.input[name]) for name in entry.inputs}
    arms = {"arms": Arms(**snakemake.params.arms)} if entry.arms else {}
    data = build(**tables, **arms, **snakemake.params.settings)
    origin = read_json(snakemake.input.receipt)["origin"]
    text = compose_text(entry, snakemake.params.labels, snakemake.params.facts, origin)
    write_tidy(data, snakemake.output.data)
    # The drawing shows what the file says, with the digits that may leave, so that the gate can let it out as it is.
    drawn = draw(drawn_digits(read_tidy(snakemake.output.data), entry), entry, text)
    write_files(drawn, Path(snakemake.output.data).parent)
