# What every rule uses: the configuration by variant, and hashes of the code and of the locked environment.
from pathlib import Path

from tiltakseffekt.config.evaluations import load_evaluations
from tiltakseffekt.config.loading import BASE, load_configuration, setting_at
from tiltakseffekt.workflow.code import code_hash
from tiltakseffekt.workflow.environment import environment_hash

ROOT = Path(workflow.basedir)
EVALUATIONS = load_evaluations(ROOT / "config" / "evaluations")
VARIANTS = load_configuration(ROOT / "config", config)
MAIN = VARIANTS[BASE]
ENVIRONMENT = environment_hash(ROOT / "uv.lock")
SHARDS = [f"{shard:03d}" for shard in range(MAIN.registers.shards)]
NEEDS_DUCKDB = {"mem_mb": 2000}


def variant_of(wildcards):
    """Return the variant of a job, the main one where it has an evaluation alone, the base where it has neither."""
    if hasattr(wildcards, "evaluation"):
        return f"{wildcards.evaluation}/main"
    return getattr(wildcards, "variant", BASE)


def evaluation_of(name):
    """Return the evaluation in the name of a variant or of an exhibit, as in tiltakseffekter/main."""
    return name.partition("/")[0]


def setting(path, *without):
    """Return a params function: the setting at a dotted path for the variant of the job.

    Keys `without` are left out: what a job does not use must not make it stale.
    """

    def of_variant(wildcards):
        value = setting_at(VARIANTS, path, variant_of(wildcards))
        return {key: below for key, below in value.items() if key not in without} if without else value

    return of_variant


def arms(wildcards):
    """Return the arms of the evaluation of the job, or of its variant."""
    return EVALUATIONS[wildcards.get("evaluation") or evaluation_of(wildcards.variant)].arms.model_dump(mode="json")


def evaluation_file(name):
    """Return an input function: a file of the evaluation of the job's variant."""

    def of_evaluation(wildcards):
        return ROOT / "config" / "evaluations" / evaluation_of(wildcards.variant) / name

    return of_evaluation


def code(script, *functions):
    """Return the hash of a script and of everything in the library that it (and the functions named) can call."""
    return code_hash(ROOT / "scripts" / f"{script}.py", *functions)


wildcard_constraints:
    # An evaluation and one of its variants: tiltakseffekter/main.
    variant="[a-z0-9_]+/[a-z0-9_]+",
    evaluation="[a-z0-9_]+",
    repetition=r"[1-9]\d*",
    shard=r"\d{3}",
