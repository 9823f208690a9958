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


rule measure_influence:
    input:
        sample="results/matching/{variant}/sample.parquet",
        outcomes="results/matching/{variant}/outcomes.parquet",
        propensities="results/matching/{variant}/propensities.parquet",
        predictions="results/matching/{variant}/outcome_predictions.parquet",
    output:
        influence="results/effects/{variant}/weight_influence.parquet",
    log:
        "results/logs/effects/measure_influence/{variant}.log",
    benchmark:
        "results/benchmarks/effects/measure_influence/{variant}.tsv"
    params:
        normalise_weights=setting("effects.normalise_weights"),
        code=code("effects/measure_influence"),
        environment=ENVIRONMENT,
    message:
        "Measure what the most extreme weights do in variant {wildcards.variant}"
    script:
        "../../scripts/effects/measure_influence.py"
