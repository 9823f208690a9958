"""Quarto project -> report as HTML, DOCX and PDF."""

import sys
from pathlib import Path

from tiltakseffekt.core.files import write_text
from tiltakseffekt.stages.manuscript.rendering import render_report
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    version = render_report(snakemake.input.project, snakemake.output.reports)
    write_text(snakemake.output.rendered_with, f"{version}\n")
    log.info("rendered with %s", version)
    print("\nThe report:", *(Path(path).resolve() for path in snakemake.output.reports), sep="\n  ", file=sys.stderr)
