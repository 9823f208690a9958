# What one course of each measure costs and is worth, and how sure that is.
from tiltakseffekt.config.loading import read_yaml
from tiltakseffekt.stages.cost_benefit.parameters import other_samples


def samples_of(wildcards):
    """Return the variants of the evaluation, besides that of the job, whose effects enter."""
    return other_samples(read_yaml(evaluation_file("prices.yaml")(wildcards)))


def estimates_of_samples(wildcards):
    """Return the estimates of those variants."""
    evaluation = evaluation_of(wildcards.variant)
    return [f"results/effects/{evaluation}/{name}/estimates.parquet" for name in samples_of(wildcards)]


rule compute_cost_benefit:
    input:
        entries="results/cohorts/{variant}/entries.parquet",
        sample="results/matching/{variant}/sample.parquet",
        estimates="results/effects/{variant}/estimates.parquet",
        covariances="results/effects/{variant}/covariances.parquet",
        others=estimates_of_samples,
        parameters=evaluation_file("prices.yaml"),
    output:
        cost_benefit="results/cost_benefit/{variant}/cost_benefit.parquet",
        course_inputs="results/cost_benefit/{variant}/course_inputs.parquet",
    log:
        "results/logs/cost_benefit/compute_cost_benefit/{variant}.log",
    benchmark:
        "results/benchmarks/cost_benefit/compute_cost_benefit/{variant}.tsv"
    params:
        arms=arms,
        others=samples_of,
        confidence=setting("effects.confidence"),
        code=code("cost_benefit/compute_cost_benefit"),
        environment=ENVIRONMENT,
    message:
        "Compute costs and benefits of variant {wildcards.variant}"
    script:
        "../../scripts/cost_benefit/compute_cost_benefit.py"


rule analyse_sensitivity:
    input:
        entries="results/cohorts/{variant}/entries.parquet",
        sample="results/matching/{variant}/sample.parquet",
        estimates="results/effects/{variant}/estimates.parquet",
        covariances="results/effects/{variant}/covariances.parquet",
        others=estimates_of_samples,
        joint_covariances="results/effects/{variant}/joint_covariances.parquet",
        scores="results/effects/{variant}/scores.parquet",
        characteristics="results/cohorts/{variant}/characteristics.parquet",
        parameters=evaluation_file("prices.yaml"),
    output:
        sensitivity="results/cost_benefit/{variant}/sensitivity.parquet",
    log:
        "results/logs/cost_benefit/analyse_sensitivity/{variant}.log",
    benchmark:
        "results/benchmarks/cost_benefit/analyse_sensitivity/{variant}.tsv"
    params:
        arms=arms,
        others=samples_of,
        seed=setting("seed"),
        code=code("cost_benefit/analyse_sensitivity"),
        environment=ENVIRONMENT,
    message:
        "Simulate costs and benefits of variant {wildcards.variant}"
    script:
        "../../scripts/cost_benefit/analyse_sensitivity.py"
