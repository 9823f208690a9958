# Effects by group, along age and work history, and who gains, from the scores.


rule estimate_gate:
    input:
        scores="results/effects/{variant}/scores.parquet",
        sample="results/matching/{variant}/sample.parquet",
        characteristics="results/cohorts/{variant}/characteristics.parquet",
        offices=offices,
    output:
        gate="results/heterogeneity/{variant}/gate.parquet",
        tests="results/heterogeneity/{variant}/gate_tests.parquet",
    log:
        "results/logs/heterogeneity/estimate_gate/{variant}.log",
    benchmark:
        "results/benchmarks/heterogeneity/estimate_gate/{variant}.tsv"
    params:
        arms=arms,
        settings=setting("heterogeneity"),
        bootstrap=setting("effects.bootstrap"),
        seed=setting("seed"),
        code=code("heterogeneity/estimate_gate"),
        environment=ENVIRONMENT,
    message:
        "Estimate the effects by group of variant {wildcards.variant}"
    script:
        "../../scripts/heterogeneity/estimate_gate.py"


rule estimate_curves:
    input:
        scores="results/effects/{variant}/scores.parquet",
        sample="results/matching/{variant}/sample.parquet",
        characteristics="results/cohorts/{variant}/characteristics.parquet",
        covariates="results/cohorts/{variant}/covariates.parquet",
        offices=offices,
    output:
        curves="results/heterogeneity/{variant}/effect_curves.parquet",
    log:
        "results/logs/heterogeneity/estimate_curves/{variant}.log",
    benchmark:
        "results/benchmarks/heterogeneity/estimate_curves/{variant}.tsv"
    params:
        arms=arms,
        settings=setting("heterogeneity"),
        effects=setting("effects"),
        seed=setting("seed"),
        code=code("heterogeneity/estimate_curves"),
        environment=ENVIRONMENT,
    message:
        "Estimate the effects by age and work history of variant {wildcards.variant}"
    script:
        "../../scripts/heterogeneity/estimate_curves.py"


rule describe_gains:
    input:
        scores="results/effects/{variant}/scores.parquet",
        sample="results/matching/{variant}/sample.parquet",
        characteristics="results/cohorts/{variant}/characteristics.parquet",
        covariates="results/cohorts/{variant}/covariates.parquet",
        predictions="results/matching/{variant}/repetition-1/outcome_predictions.parquet",
        offices=offices,
    output:
        projection="results/heterogeneity/{variant}/projection.parquet",
        sorted_effects="results/heterogeneity/{variant}/sorted_effects.parquet",
        classification="results/heterogeneity/{variant}/classification.parquet",
        fifths="results/heterogeneity/{variant}/fifths.parquet",
    log:
        "results/logs/heterogeneity/describe_gains/{variant}.log",
    benchmark:
        "results/benchmarks/heterogeneity/describe_gains/{variant}.tsv"
    params:
        arms=arms,
        settings=setting("heterogeneity"),
        confidence=setting("effects.confidence"),
        code=code("heterogeneity/describe_gains"),
        environment=ENVIRONMENT,
    message:
        "Describe who gains in variant {wildcards.variant}"
    script:
        "../../scripts/heterogeneity/describe_gains.py"
