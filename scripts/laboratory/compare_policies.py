"""Policies and the planted truth of synthetic registers -> what each policy would really gain."""

from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.laboratory import schemas
from tiltakseffekt.laboratory.policies import gains_by_truth
from tiltakseffekt.laboratory.truth import check_truth_path, read_truth
from tiltakseffekt.workflow.job import job

with job(snakemake):
    check_truth_path(snakemake.params.truth_path, snakemake.input.truth)
    sample = read_table(snakemake.input.sample)
    gains = gains_by_truth(
        read_table(snakemake.input.rewards),
        read_table(snakemake.input.assignments),
        sample,
        read_truth(snakemake.input.truth, sample["person_id"]),
    )
    write_table(gains, snakemake.output.policy_truth, schemas.POLICY_TRUTH)
