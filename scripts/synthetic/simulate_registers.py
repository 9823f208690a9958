"""Parameters -> the register tables of one shard of made-up persons, their planted truth and planted defects."""

from dataclasses import replace

from tiltakseffekt.core import codebook
from tiltakseffekt.stages.registers.contract import load_contract
from tiltakseffekt.synthetic.defects.plant import plant_defects
from tiltakseffekt.synthetic.parameters import read_codebooks, read_parameters
from tiltakseffekt.synthetic.settings import SyntheticRegisterSettings
from tiltakseffekt.synthetic.simulate import simulate_shard
from tiltakseffekt.synthetic.writing import write_shard
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    settings = SyntheticRegisterSettings.model_validate(snakemake.params.settings)
    given, made = snakemake.input, snakemake.output
    seed, number = snakemake.params.seed, int(snakemake.wildcards.shard)
    sound = simulate_shard(
        seed,
        number,
        settings.scale,
        settings.shards,
        read_parameters(given.parameters, given.fitted, given.permanent, given.permanent_weights),
        read_codebooks(given.grunnbelop, given.kpi, given.innsatsgruppe, given.tiltaksgruppering),
    )
    books = codebook.read_codebooks([*given.changes, given.tiltaksgruppering])
    contract = load_contract(given.contract)
    tables, ledger = plant_defects(sound.tables, contract, books, settings.defects, seed, number)
    paths = {name: made[name] for name in tables}
    write_shard(replace(sound, tables=tables), ledger, paths, made.truth, made.assignment, made.defects, settings.csv)
    for name, table in tables.items():
        log.info("%s: %d rows", name, table.num_rows)
