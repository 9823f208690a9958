"""Settings -> a note that says that the registers are synthetic."""

from tiltakseffekt.core.files import write_json
from tiltakseffekt.synthetic.settings import SyntheticRegisterSettings
from tiltakseffekt.synthetic.simulate import about
from tiltakseffekt.workflow.job import job

with job(snakemake):
    settings = SyntheticRegisterSettings.model_validate(snakemake.params.settings)
    write_json(snakemake.output.about, about(snakemake.params.seed, settings.scale, settings.shards))
