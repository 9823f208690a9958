"""Sample and covariates -> out-of-fold probability of each arm."""

from tiltakseffekt.core import schemas
from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.matching.nuisances import fit_propensities
from tiltakseffekt.matching.settings import MatchingSettings
from tiltakseffekt.workflow.job import job

with job(snakemake):
    propensities = fit_propensities(
        read_table(snakemake.input.sample),
        read_table(snakemake.input.covariates),
        MatchingSettings(**snakemake.params.settings),
        snakemake.params.seed,
        threads=snakemake.threads,
    )
    write_table(propensities, snakemake.output.propensities, schemas.PROPENSITIES)
