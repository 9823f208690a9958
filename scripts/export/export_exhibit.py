"""Data of one exhibit -> what may leave the protected area: data, drawing and status."""

from pathlib import Path

from tiltakseffekt.core.files import read_json
from tiltakseffekt.stages.exhibits.catalogue import parse_entry
from tiltakseffekt.stages.exhibits.labels import compose_text
from tiltakseffekt.stages.exhibits.tidy import read_tidy
from tiltakseffekt.stages.export.exhibit import export_exhibit
from tiltakseffekt.stages.export.review import review_settled
from tiltakseffekt.stages.export.settings import DisclosureSettings
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    entry = parse_entry(snakemake.params.entry)
    origin = read_json(snakemake.input.receipt)["origin"]
    text = compose_text(entry, snakemake.params.labels, snakemake.params.facts, origin)
    settings = DisclosureSettings.model_validate(snakemake.params.settings)
    folder = Path(snakemake.output.data).parent
    reviewed = review_settled(origin, snakemake.params.reviewed)
    checked = export_exhibit(read_tidy(snakemake.input.data), entry, text, settings, folder, reviewed)
    log.info("%s: %s %s", entry.id, checked.status, " ".join(checked.reasons))
