"""Register extracts, contract and codebooks -> the receipt, or every fault of structure at once."""

from tiltakseffekt.core.codebook import read_codebooks
from tiltakseffekt.core.files import write_json
from tiltakseffekt.stages.registers.contract import load_contract
from tiltakseffekt.stages.registers.reception import receive
from tiltakseffekt.stages.registers.settings import CsvFormat
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    receipt = receive(
        snakemake.params.folder,
        load_contract(snakemake.input.contract),
        read_codebooks(snakemake.input.codebooks),
        CsvFormat(**snakemake.params.csv),
    )
    write_json(snakemake.output.receipt, receipt.as_dict())
    log.info("received %d files; origin: %s", len(receipt.files), receipt.origin)
    for column in receipt.ignored:
        log.warning("%s is not in the contract and is ignored", column)
