"""Printed tables of vlt_rapport and vtao_horing, and rules -> their numbers on each basis, verdicts and errata."""

from collections import Counter
from pathlib import Path

from tiltakseffekt.config.loading import read_yaml
from tiltakseffekt.core.tables import read_texts, write_table
from tiltakseffekt.documents import schemas
from tiltakseffekt.documents.audit.cells import read_cells
from tiltakseffekt.documents.wage_subsidy.audit import (
    STEPS_VLT_RAPPORT,
    STEPS_VTAO_HORING,
    audit_table,
    audit_vtao,
    audit_wage_subsidy,
)
from tiltakseffekt.documents.wage_subsidy.departures import find_errata
from tiltakseffekt.documents.wage_subsidy.reconstruction import reconstruct
from tiltakseffekt.documents.wage_subsidy.tables import wage_subsidy_table
from tiltakseffekt.evaluations.varig_lonnstilskudd.alternatives import specified_inputs
from tiltakseffekt.evaluations.varig_lonnstilskudd.parameters import parse_parameters
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    given, made = snakemake.input, snakemake.output
    parameters = parse_parameters(read_yaml(Path(given.parameters)))
    printed = map(read_texts, (given.vlt_rapport, given.vtao_horing))
    cells, vtao = map(read_cells, printed, (STEPS_VLT_RAPPORT, STEPS_VTAO_HORING))
    found, stated = reconstruct(cells, parameters), specified_inputs(parameters)
    verdicts = audit_table(audit_wage_subsidy(cells, parameters, found), audit_vtao(vtao))
    log.info("Verdicts: %s", dict(Counter(verdicts["verdict"])))
    write_table(wage_subsidy_table(cells, vtao, parameters, found, stated), made.numbers, schemas.WAGE_SUBSIDY)
    write_table(verdicts, made.verdicts, schemas.AUDIT)
    write_table(find_errata(cells, parameters, found.inputs, stated), made.errata, schemas.WAGE_SUBSIDY_ERRATA)
