"""Estimates, parameters and scores -> how sure the net benefits are, and what would change their sign."""

from pathlib import Path

from tiltakseffekt.config.loading import read_yaml
from tiltakseffekt.core.arms import Arms
from tiltakseffekt.core.randomness import named_generator
from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.stages.cost_benefit import schemas
from tiltakseffekt.stages.cost_benefit.groups import net_by_group
from tiltakseffekt.stages.cost_benefit.parameters import parse_parameters
from tiltakseffekt.stages.cost_benefit.sensitivity import joint_covariance, sensitivity
from tiltakseffekt.stages.cost_benefit.table import estimated_inputs
from tiltakseffekt.workflow.job import job

with job(snakemake) as log:
    given = snakemake.input
    parameters = parse_parameters(read_yaml(Path(given.parameters)), Arms(**snakemake.params.arms).measures)
    sample = read_table(given.sample, ["person_id", "arm"])
    entries = read_table(given.entries, ["person_id", "duration", "tiltakspenger_months"])
    others = dict(zip(snakemake.params.others, map(read_table, given.others), strict=True))
    estimates, covariances = read_table(given.estimates), read_table(given.covariances)
    estimated = estimated_inputs(entries, sample, estimates, covariances, parameters, others)
    characteristics, scores = read_table(given.characteristics), read_table(given.scores)
    table = sensitivity(
        estimated,
        joint_covariance(read_table(given.joint_covariances), estimated),
        parameters,
        list(net_by_group(estimated, entries, sample, characteristics, scores, parameters)),
        named_generator(snakemake.params.seed, "cost_benefit", "simulation"),
    )
    write_table(table, snakemake.output.sensitivity, schemas.SENSITIVITY)
