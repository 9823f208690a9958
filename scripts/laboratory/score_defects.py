"""Ledger of planted defects, and what cleaning found -> how much was found, and how much of it was right."""

from tiltakseffekt.core.tables import write_table
from tiltakseffekt.laboratory import schemas
from tiltakseffekt.laboratory.defects import read_findings, read_ledger, score_defects
from tiltakseffekt.stages.registers.contract import load_contract
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    findings = read_findings(snakemake.input.quarantine, load_contract(snakemake.input.contract))
    scores = score_defects(read_ledger(snakemake.input.ledger), findings)
    log.info("%d rows with a defect were planted, %d found", scores["planted"].sum(), scores["found"].sum())
    write_table(scores, snakemake.output.defect_scores, schemas.DEFECT_SCORES)
