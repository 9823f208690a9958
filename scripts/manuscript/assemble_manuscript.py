"""Text, exported exhibits, values -> a Quarto project."""

from pathlib import Path

import yaml

from tiltakseffekt.stages.exhibits.catalogue import load_catalogue
from tiltakseffekt.stages.manuscript.assembly import assemble
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    missing = assemble(
        snakemake.input.sources,
        snakemake.params.export,
        snakemake.input.variables,
        snakemake.output.project,
        yaml.safe_load(Path(snakemake.input.words).read_text(encoding="utf-8")),
        {entry.id: entry.stands_for for entry in load_catalogue(snakemake.input.catalogue) if entry.stands_for},
    )
    for file in missing:
        log.warning("%s is missing: a placeholder stands in its place", file)
