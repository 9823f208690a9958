"""Sample, propensities, covariates, characteristics and panel -> overlap, balance and paths of the control groups."""

from tiltakseffekt.core.months import parse_month
from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.stages.matching import schemas
from tiltakseffekt.stages.matching.description import describe_balance, describe_overlap, describe_paths
from tiltakseffekt.workflow.job import job

with job(snakemake):
    sample = read_table(snakemake.input.sample)
    # With more repetitions of the cross-fitting the first is shown.
    propensities = read_table(snakemake.input.propensities).query("repetition == 1")
    overlap = describe_overlap(
        sample,
        propensities,
        read_table(snakemake.input.covariates),
        read_table(snakemake.input.trimming),
        snakemake.params.threshold,
    )
    balance = describe_balance(sample, propensities, read_table(snakemake.input.characteristics))
    paths = describe_paths(
        sample,
        propensities,
        list(snakemake.input.panel),
        parse_month(snakemake.params.first_month),
        parse_month(snakemake.params.last_month),
    )
    write_table(overlap, snakemake.output.overlap, schemas.OVERLAP)
    write_table(balance, snakemake.output.balance, schemas.BALANCE)
    write_table(paths, snakemake.output.paths, schemas.PATHS)
