"""Printed cells, inputs and rules -> a verdict on every cell, corrected net benefits, the bases of the document."""

from pathlib import Path

from tiltakseffekt.config.loading import read_yaml
from tiltakseffekt.core.tables import read_texts, write_table
from tiltakseffekt.documents.audit.bases import document_bases
from tiltakseffekt.documents.audit.cells import read_cells
from tiltakseffekt.documents.audit.corrections import corrections
from tiltakseffekt.documents.audit.course_audit import audit, conventions_table, rebuild
from tiltakseffekt.documents.audit.course_inputs import infer
from tiltakseffekt.documents.audit.reading import DOCUMENT, STEPS, Reading, prices_of_document
from tiltakseffekt.documents.audit.specified import AS_SPECIFIED, parse_stated_inputs, specified_inputs
from tiltakseffekt.documents.audit.verdicts import findings_table
from tiltakseffekt.documents.schemas import AUDIT, CONVENTIONS, CORRECTIONS
from tiltakseffekt.stages.cost_benefit.schemas import COST_BENEFIT, SENSITIVITY
from tiltakseffekt.stages.cost_benefit.sensitivity import sensitivity_of_basis
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    given, made = snakemake.input, snakemake.output
    published, labels = map(read_texts, (given.published, given.labels))
    parameters = prices_of_document(read_yaml(Path(given.parameters)))
    specified = specified_inputs(parse_stated_inputs(read_yaml(Path(given.stated))), parameters)
    reading = Reading(read_cells(published, STEPS), parameters)
    joint = infer(reading)
    findings = findings_table(DOCUMENT, audit(reading, joint), rebuild(reading, joint))
    log.info("Verdicts: %s", findings["verdict"].value_counts().to_dict())
    write_table(findings, made.audit, AUDIT)
    write_table(corrections(reading), made.corrections, CORRECTIONS)
    write_table(conventions_table(reading), made.conventions, CONVENTIONS)
    write_table(document_bases(reading, joint, specified, published, labels), made.bases, COST_BENEFIT)
    write_table(sensitivity_of_basis(AS_SPECIFIED, specified, parameters), made.sensitivity, SENSITIVITY)
