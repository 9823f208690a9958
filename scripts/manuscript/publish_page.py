"""An exported page -> the same page beside the report, which links to it."""

from pathlib import Path

from tiltakseffekt.core.files import write_text
from tiltakseffekt.workflow.job import job

with job(snakemake):
    write_text(snakemake.output.page, Path(snakemake.input.page).read_text(encoding="utf-8"))
