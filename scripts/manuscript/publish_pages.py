"""Exported pages -> the same pages beside the report, which links to them."""

from pathlib import Path

from tiltakseffekt.core.files import write_text
from tiltakseffekt.workflow.job import job

with job(snakemake):
    for source, target in zip(snakemake.input.pages, snakemake.output.pages, strict=True):
        write_text(target, Path(source).read_text(encoding="utf-8"))
