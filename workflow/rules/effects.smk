# Average effects: doubly robust scores, potential outcomes, ATE and ATET with their covariances.


def offices(wildcards):
    """Return the table of offices for a variant that clusters by them, else nothing."""
    clustered = VARIANTS[wildcards.variant].effects.cluster == "office"
    return f"results/effects/{wildcards.variant}/offices.parquet" if clustered else []


rule find_offices:
    input:
        sample="results/matching/{variant}/full_sample.parquet",
        panel=expand("results/panel/{shard}.parquet", shard=SHARDS),
    output:
        offices="results/effects/{variant}/offices.parquet",
    log:
        "results/logs/effects/find_offices/{variant}.log",
    benchmark:
        "results/benchmarks/effects/find_offices/{variant}.tsv"
    resources:
        **NEEDS_DUCKDB,
    params:
        code=code("effects/find_offices"),
        environment=ENVIRONMENT,
    message:
        "Find the NAV offices of variant {wildcards.variant}"
    script:
        "../../scripts/effects/find_offices.py"


rule estimate_effects:
    input:
        sample="results/matching/{variant}/sample.parquet",
        outcomes="results/matching/{variant}/outcomes.parquet",
        propensities="results/matching/{variant}/propensities.parquet",
        predictions=of_each_repetition("outcome_predictions"),
        covariates="results/cohorts/{variant}/covariates.parquet",
        offices=offices,
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
        seed=setting("seed"),
        code=code("effects/estimate_effects"),
        environment=ENVIRONMENT,
    message:
        "Estimate the average effects of variant {wildcards.variant}"
    script:
        "../../scripts/effects/estimate_effects.py"


rule measure_balance:
    input:
        sample="results/matching/{variant}/sample.parquet",
        propensities="results/matching/{variant}/propensities.parquet",
        covariates="results/cohorts/{variant}/covariates.parquet",
    output:
        balance="results/effects/{variant}/weighted_balance.parquet",
    log:
        "results/logs/effects/measure_balance/{variant}.log",
    benchmark:
        "results/benchmarks/effects/measure_balance/{variant}.tsv"
    params:
        settings=setting("effects"),
        code=code("effects/measure_balance"),
        environment=ENVIRONMENT,
    message:
        "Measure the balance under the weights of the estimates of variant {wildcards.variant}"
    script:
        "../../scripts/effects/measure_balance.py"


rule describe_groups:
    input:
        sample="results/matching/{variant}/sample.parquet",
        propensities="results/matching/{variant}/propensities.parquet",
        covariates="results/cohorts/{variant}/covariates.parquet",
        characteristics="results/cohorts/{variant}/characteristics.parquet",
        panel=expand("results/panel/{shard}.parquet", shard=SHARDS),
    output:
        balance="results/effects/{variant}/balance.parquet",
        paths="results/effects/{variant}/paths.parquet",
    log:
        "results/logs/effects/describe_groups/{variant}.log",
    benchmark:
        "results/benchmarks/effects/describe_groups/{variant}.tsv"
    resources:
        **NEEDS_DUCKDB,
    params:
        settings=setting("effects"),
        first_month=setting("panel.first_month"),
        last_month=setting("panel.last_month"),
        code=code("effects/describe_groups"),
        environment=ENVIRONMENT,
    message:
        "Describe the compared groups of variant {wildcards.variant}"
    script:
        "../../scripts/effects/describe_groups.py"


rule measure_influence:
    input:
        sample="results/matching/{variant}/sample.parquet",
        outcomes="results/matching/{variant}/outcomes.parquet",
        propensities="results/matching/{variant}/propensities.parquet",
        predictions="results/matching/{variant}/repetition-1/outcome_predictions.parquet",
        covariates="results/cohorts/{variant}/covariates.parquet",
        offices=offices,
    output:
        influence="results/effects/{variant}/weight_influence.parquet",
    log:
        "results/logs/effects/measure_influence/{variant}.log",
    benchmark:
        "results/benchmarks/effects/measure_influence/{variant}.tsv"
    params:
        settings=setting("effects"),
        code=code("effects/measure_influence"),
        environment=ENVIRONMENT,
    message:
        "Measure what the most extreme weights do in variant {wildcards.variant}"
    script:
        "../../scripts/effects/measure_influence.py"


rule compare_overlap_rules:
    input:
        sample="results/matching/{variant}/full_sample.parquet",
        outcomes="results/matching/{variant}/outcomes.parquet",
        propensities="results/matching/{variant}/repetition-1/propensities.parquet",
        predictions="results/matching/{variant}/repetition-1/outcome_predictions.parquet",
        covariates="results/cohorts/{variant}/covariates.parquet",
        offices=offices,
    output:
        rules="results/effects/{variant}/overlap_rules.parquet",
    log:
        "results/logs/effects/compare_overlap_rules/{variant}.log",
    benchmark:
        "results/benchmarks/effects/compare_overlap_rules/{variant}.tsv"
    params:
        settings=setting("effects"),
        overlap=setting("matching.overlap"),
        threshold=setting("export.threshold"),
        code=code("effects/compare_overlap_rules"),
        environment=ENVIRONMENT,
    message:
        "Compare rules of overlap in variant {wildcards.variant}"
    script:
        "../../scripts/effects/compare_overlap_rules.py"


rule test_placebo:
    input:
        sample="results/matching/{variant}/sample.parquet",
        covariates="results/cohorts/{variant}/covariates.parquet",
        propensities="results/matching/{variant}/propensities.parquet",
        panel=expand("results/panel/{shard}.parquet", shard=SHARDS),
        offices=offices,
    output:
        placebo="results/effects/{variant}/placebo.parquet",
    log:
        "results/logs/effects/test_placebo/{variant}.log",
    benchmark:
        "results/benchmarks/effects/test_placebo/{variant}.tsv"
    threads: 2
    resources:
        **NEEDS_DUCKDB,
    params:
        settings=setting("effects"),
        matching=setting("matching", "repetitions"),
        first_month=setting("panel.first_month"),
        seed=setting("seed"),
        code=code("effects/test_placebo"),
        environment=ENVIRONMENT,
    message:
        "Estimate effects on what lies before the measures of variant {wildcards.variant}"
    script:
        "../../scripts/effects/test_placebo.py"


rule bound_confounding:
    input:
        sample="results/matching/{variant}/sample.parquet",
        outcomes="results/matching/{variant}/outcomes.parquet",
        propensities="results/matching/{variant}/propensities.parquet",
        predictions="results/matching/{variant}/repetition-1/outcome_predictions.parquet",
        covariates="results/cohorts/{variant}/covariates.parquet",
    output:
        confounding="results/effects/{variant}/confounding.parquet",
    log:
        "results/logs/effects/bound_confounding/{variant}.log",
    benchmark:
        "results/benchmarks/effects/bound_confounding/{variant}.tsv"
    threads: 2
    params:
        settings=setting("effects"),
        matching=setting("matching", "repetitions"),
        seed=setting("seed"),
        code=code("effects/bound_confounding"),
        environment=ENVIRONMENT,
    message:
        "Bound the effects of variant {wildcards.variant} for unobserved confounders"
    script:
        "../../scripts/effects/bound_confounding.py"


rule compare_estimators:
    input:
        sample="results/matching/{variant}/sample.parquet",
        outcomes="results/matching/{variant}/outcomes.parquet",
        propensities="results/matching/{variant}/propensities.parquet",
        covariates="results/cohorts/{variant}/covariates.parquet",
        offices="results/effects/{variant}/offices.parquet",
        estimates="results/effects/{variant}/estimates.parquet",
    output:
        estimator_comparison="results/effects/{variant}/estimator_comparison.parquet",
        first_stages="results/effects/{variant}/first_stages.parquet",
    log:
        "results/logs/effects/compare_estimators/{variant}.log",
    benchmark:
        "results/benchmarks/effects/compare_estimators/{variant}.tsv"
    params:
        confidence=setting("effects.confidence"),
        code=code("effects/compare_estimators"),
        environment=ENVIRONMENT,
    message:
        "Estimate the effects of variant {wildcards.variant} by several estimators"
    script:
        "../../scripts/effects/compare_estimators.py"
