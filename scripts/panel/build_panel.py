"""The clean registers of one shard, prices and base amounts -> its person-months."""

from pathlib import Path

from tiltakseffekt.core.codebook import base_amounts, consumer_prices, read_codebooks
from tiltakseffekt.core.tables import write_arrow
from tiltakseffekt.stages.clean.tables import Resources
from tiltakseffekt.stages.panel.months import SOURCES, build_panel, calendar
from tiltakseffekt.stages.panel.settings import PanelSettings
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    settings = PanelSettings(**snakemake.params.settings)
    codebooks = read_codebooks(snakemake.input.codebooks)
    panel = build_panel(
        {name: Path(snakemake.input[name]) for name in SOURCES},
        calendar(settings, consumer_prices(codebooks), base_amounts(codebooks)),
        settings,
        Resources(snakemake.params.memory, snakemake.threads, Path(snakemake.params.workspace)),
    )
    write_arrow(panel, snakemake.output.panel)
    log.info("%d person-months", panel.num_rows)
