"""Printed cells and stated rules -> a verdict on every cell, corrected net benefits, printed and rebuilt bases."""

from pathlib import Path

import pandas as pd

from tiltakseffekt.config.loading import read_yaml
from tiltakseffekt.core.tables import write_table
from tiltakseffekt.documents.audit.bases import printed_basis, reconstructed_basis
from tiltakseffekt.documents.audit.cells import read_cells
from tiltakseffekt.documents.audit.corrections import corrections
from tiltakseffekt.documents.audit.course_audit import audit, conventions_table, rebuild
from tiltakseffekt.documents.audit.course_inputs import infer
from tiltakseffekt.documents.audit.reading import DOCUMENT, STEPS, Reading
from tiltakseffekt.documents.audit.verdicts import findings_table
from tiltakseffekt.documents.schemas import AUDIT, CONVENTIONS, CORRECTIONS
from tiltakseffekt.stages.cost_benefit.parameters import parse_parameters
from tiltakseffekt.stages.cost_benefit.schemas import COST_BENEFIT
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    given, made = snakemake.input, snakemake.output
    published, labels = (
        pd.read_csv(path, dtype="str", keep_default_na=False) for path in (given.published, given.labels)
    )
    reading = Reading(read_cells(published, STEPS), parse_parameters(read_yaml(Path(given.parameters))))
    joint = infer(reading)
    findings = findings_table(DOCUMENT, audit(reading, joint), rebuild(reading, joint))
    log.info("Verdicts: %s", findings["verdict"].value_counts().to_dict())
    write_table(findings, made.audit, AUDIT)
    write_table(corrections(reading), made.corrections, CORRECTIONS)
    write_table(conventions_table(reading), made.conventions, CONVENTIONS)
    bases = pd.concat([reconstructed_basis(reading, joint), printed_basis(published, labels)], ignore_index=True)
    write_table(bases, made.bases, COST_BENEFIT)
