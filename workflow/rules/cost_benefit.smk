# What one course of each measure costs and is worth.
rule compute_cost_benefit:
    input:
        entries="results/cohorts/{variant}/entries.parquet",
        sample="results/matching/{variant}/sample.parquet",
        estimates="results/effects/{variant}/estimates.parquet",
        covariances="results/effects/{variant}/covariances.parquet",
        parameters=ROOT / "config/cost_benefit.yaml",
    output:
        cost_benefit="results/cost_benefit/{variant}/cost_benefit.parquet",
    log:
        "results/logs/cost_benefit/compute_cost_benefit/{variant}.log",
    benchmark:
        "results/benchmarks/cost_benefit/compute_cost_benefit/{variant}.tsv"
    params:
        code=code("cost_benefit/compute_cost_benefit"),
        environment=ENVIRONMENT,
    message:
        "Compute costs and benefits of variant {wildcards.variant}"
    script:
        "../../scripts/cost_benefit/compute_cost_benefit.py"
