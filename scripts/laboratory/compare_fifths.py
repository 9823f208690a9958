"""Persons sorted by predicted effect and the planted truth of synthetic registers -> the true effect in each fifth."""

from tiltakseffekt.core.arms import Arms
from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.laboratory import schemas
from tiltakseffekt.laboratory.truth import check_truth_path, compare_fifths, read_truth
from tiltakseffekt.workflow.job import job

with job(snakemake):
    check_truth_path(snakemake.params.truth_path, snakemake.input.truth)
    arms = Arms(**snakemake.params.arms)
    sample = read_table(snakemake.input.sample)
    truth = read_truth(snakemake.input.truth, sample["person_id"])
    fifths_truth = compare_fifths(read_table(snakemake.input.fifths), sample, truth, arms.unchained)
    write_table(fifths_truth, snakemake.output.fifths_truth, schemas.FIFTHS_TRUTH)
