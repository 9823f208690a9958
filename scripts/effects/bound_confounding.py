"""Sample, outcomes, nuisances and covariates -> bounds of the effects for confounders as strong as observed groups."""

from functools import partial

from tiltakseffekt.core.keys import arms_of
from tiltakseffekt.core.tables import read_table, write_table
from tiltakseffekt.stages.effects import schemas
from tiltakseffekt.stages.effects.balancing import weight_features
from tiltakseffekt.stages.effects.benchmarks import fit_without
from tiltakseffekt.stages.effects.confounding import BENCHMARKS, bound_confounding, read_problem
from tiltakseffekt.stages.effects.settings import EffectSettings
from tiltakseffekt.stages.matching.settings import MatchingSettings
from tiltakseffekt.workflow.job import job

with job(snakemake):
    settings = EffectSettings(**snakemake.params.settings)
    sample, outcomes = read_table(snakemake.input.sample), read_table(snakemake.input.outcomes)
    covariates = read_table(snakemake.input.covariates)
    propensities = read_table(snakemake.input.propensities).query("repetition == 1")
    refit = partial(
        fit_without,
        sample=sample,
        covariates=covariates,
        outcomes=outcomes,
        settings=MatchingSettings(**snakemake.params.matching),
        seed=snakemake.params.seed,
        arms=arms_of(propensities),
        threads=snakemake.threads,
    )
    problem = read_problem(
        sample,
        outcomes,
        propensities,
        read_table(snakemake.input.predictions),
        normalise=settings.normalise,
        features=weight_features(settings, covariates, sample),
    )
    bounds = bound_confounding(problem, refit, BENCHMARKS, settings.confidence)
    write_table(bounds, snakemake.output.confounding, schemas.CONFOUNDING)
