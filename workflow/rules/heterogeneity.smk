# Effects by group and by age, from the scores.


rule estimate_gate:
    input:
        scores="results/effects/{variant}/scores.parquet",
        sample="results/matching/{variant}/sample.parquet",
        characteristics="results/cohorts/{variant}/characteristics.parquet",
    output:
        gate="results/heterogeneity/{variant}/gate.parquet",
    log:
        "results/logs/heterogeneity/estimate_gate/{variant}.log",
    benchmark:
        "results/benchmarks/heterogeneity/estimate_gate/{variant}.tsv"
    params:
        settings=setting("heterogeneity"),
        code=code("heterogeneity/estimate_gate"),
        environment=ENVIRONMENT,
    message:
        "Estimate the effects by group of variant {wildcards.variant}"
    script:
        "../../scripts/heterogeneity/estimate_gate.py"


rule estimate_age_curve:
    input:
        scores="results/effects/{variant}/scores.parquet",
        sample="results/matching/{variant}/sample.parquet",
        characteristics="results/cohorts/{variant}/characteristics.parquet",
    output:
        age_curve="results/heterogeneity/{variant}/age_curve.parquet",
    log:
        "results/logs/heterogeneity/estimate_age_curve/{variant}.log",
    benchmark:
        "results/benchmarks/heterogeneity/estimate_age_curve/{variant}.tsv"
    params:
        settings=setting("heterogeneity"),
        confidence=setting("effects.confidence"),
        code=code("heterogeneity/estimate_age_curve"),
        environment=ENVIRONMENT,
    message:
        "Estimate the effects by age of variant {wildcards.variant}"
    script:
        "../../scripts/heterogeneity/estimate_age_curve.py"
