"""Estimates and the planted truth of synthetic registers -> how far the estimates lie from it."""

from tiltakseffekt.core.arms import Arms
from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.laboratory import schemas
from tiltakseffekt.laboratory.truth import check_truth_path, compare_with_truth, read_truth
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    check_truth_path(snakemake.params.truth_path, snakemake.input.truth)
    arms = Arms(**snakemake.params.arms)
    sample = read_table(snakemake.input.sample)
    truth = read_truth(snakemake.input.truth, sample["person_id"])
    comparison = compare_with_truth(read_table(snakemake.input.estimates), sample, truth, arms.unchained)
    log.info("%d estimates are compared with the truth", len(comparison))
    write_table(comparison, snakemake.output.truth_comparison, schemas.TRUTH_COMPARISON)
