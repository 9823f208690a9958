# What one course of each measure costs and is worth, and whether the printed tables follow from what they state.
rule compute_cost_benefit:
    input:
        entries="results/cohorts/{variant}/entries.parquet",
        sample="results/matching/{variant}/sample.parquet",
        estimates="results/effects/{variant}/estimates.parquet",
        covariances="results/effects/{variant}/covariances.parquet",
        parameters=evaluation_file("prices.yaml"),
        bases="results/documents/effektrapport_2024/printed_bases.parquet",
    output:
        cost_benefit="results/cost_benefit/{variant}/cost_benefit.parquet",
        course_inputs="results/cost_benefit/{variant}/course_inputs.parquet",
    log:
        "results/logs/cost_benefit/compute_cost_benefit/{variant}.log",
    benchmark:
        "results/benchmarks/cost_benefit/compute_cost_benefit/{variant}.tsv"
    params:
        confidence=setting("effects.confidence"),
        code=code("cost_benefit/compute_cost_benefit"),
        environment=ENVIRONMENT,
    message:
        "Compute costs and benefits of variant {wildcards.variant}"
    script:
        "../../scripts/cost_benefit/compute_cost_benefit.py"


# What the printed cost-benefit tables of varig lønnstilskudd and VTA-O follow from; no register enters.
rule analyse_sensitivity:
    input:
        entries="results/cohorts/{variant}/entries.parquet",
        sample="results/matching/{variant}/sample.parquet",
        estimates="results/effects/{variant}/estimates.parquet",
        covariances="results/effects/{variant}/covariances.parquet",
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
        seed=setting("seed"),
        code=code("cost_benefit/analyse_sensitivity"),
        environment=ENVIRONMENT,
    message:
        "Simulate costs and benefits of variant {wildcards.variant}"
    script:
        "../../scripts/cost_benefit/analyse_sensitivity.py"
