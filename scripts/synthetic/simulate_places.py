"""Parameters -> made-up municipalities, NAV offices and sheltered firms, the same for every shard."""

from tiltakseffekt.core import codebook
from tiltakseffekt.synthetic.defects.numbers import reform_places
from tiltakseffekt.synthetic.parameters import read_codebooks, read_parameters
from tiltakseffekt.synthetic.settings import SyntheticRegisterSettings
from tiltakseffekt.synthetic.simulate import simulate_places
from tiltakseffekt.synthetic.writing import write_register
from tiltakseffekt.workflow.job import job

with job(snakemake):
    settings = SyntheticRegisterSettings.model_validate(snakemake.params.settings)
    given = snakemake.input
    codebooks = read_codebooks(given.grunnbelop, given.kpi, given.innsatsgruppe, given.tiltaksgruppering)
    parameters = read_parameters(given.parameters, given.fitted, given.permanent, given.permanent_weights)
    tables = simulate_places(snakemake.params.seed, parameters, codebooks)
    for name, table in reform_places(tables, codebook.read_codebooks(given.changes), settings.defects).items():
        write_register(table, snakemake.output[name], settings.csv)
