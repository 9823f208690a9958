"""Exported data, settings and origin of the registers -> the values that the text may mention."""

from pathlib import Path

import yaml

from tiltakseffekt.core.arms import Arms
from tiltakseffekt.core.files import read_json, write_text
from tiltakseffekt.stages.exhibits.catalogue import load_catalogue
from tiltakseffekt.stages.manuscript.variables import unusual_decimals, variables
from tiltakseffekt.workflow.job import job
from tiltakseffekt.workflow.provenance import short_version

with job(snakemake):
    words, apart = Path(snakemake.input.words), ("arms", "code", "environment")
    content = variables(
        snakemake.input.exported,
        snakemake.input.sources,
        Arms(**snakemake.params.arms).treated,
        unusual_decimals(load_catalogue(snakemake.input.catalogue)),
        {name: value for name, value in snakemake.params.items() if name not in apart},
        yaml.safe_load(words.read_text(encoding="utf-8"))["notice"][read_json(snakemake.input.receipt)["origin"]],
        short_version(words.parent),
    )
    write_text(snakemake.output.variables, yaml.safe_dump(content, allow_unicode=True))
