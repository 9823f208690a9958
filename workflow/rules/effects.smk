# Average effects: doubly robust scores, potential outcomes, ATE and ATET with their covariances.


rule estimate_effects:
    input:
        sample="results/matching/{variant}/sample.parquet",
        outcomes="results/matching/{variant}/outcomes.parquet",
        propensities="results/matching/{variant}/propensities.parquet",
        predictions="results/matching/{variant}/outcome_predictions.parquet",
    output:
        scores="results/effects/{variant}/scores.parquet",
        estimates="results/effects/{variant}/estimates.parquet",
        covariances="results/effects/{variant}/covariances.parquet",
        joint_covariances="results/effects/{variant}/joint_covariances.parquet",
    log:
        "results/logs/effects/estimate_effects/{variant}.log",
    benchmark:
        "results/benchmarks/effects/estimate_effects/{variant}.tsv"
    params:
        settings=setting("effects"),
        code=code("effects/estimate_effects"),
        environment=ENVIRONMENT,
    message:
        "Estimate the average effects of variant {wildcards.variant}"
    script:
        "../../scripts/effects/estimate_effects.py"
