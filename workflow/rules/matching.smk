# Pseudo-starts, outcomes, propensities and outcome regressions of the effect sample.
rule draw_pseudo_starts:
    input:
        entries="results/cohorts/{variant}/entries.parquet",
        covariates="results/cohorts/{variant}/covariates.parquet",
        panel=expand("results/panel/{shard}.parquet", shard=SHARDS),
    output:
        sample="results/matching/{variant}/sample.parquet",
    log:
        "results/logs/matching/draw_pseudo_starts/{variant}.log",
    benchmark:
        "results/benchmarks/matching/draw_pseudo_starts/{variant}.tsv"
    threads: 2
    resources:
        **NEEDS_DUCKDB,
    params:
        settings=setting("matching"),
        window=setting("cohorts.start_window_months"),
        seed=setting("seed"),
        code=code("matching/draw_pseudo_starts"),
        environment=ENVIRONMENT,
    message:
        "Draw pseudo-starts of the controls of variant {wildcards.variant}"
    script:
        "../../scripts/matching/draw_pseudo_starts.py"


rule measure_outcomes:
    input:
        sample="results/matching/{variant}/sample.parquet",
        panel=expand("results/panel/{shard}.parquet", shard=SHARDS),
    output:
        outcomes="results/matching/{variant}/outcomes.parquet",
    log:
        "results/logs/matching/measure_outcomes/{variant}.log",
    benchmark:
        "results/benchmarks/matching/measure_outcomes/{variant}.tsv"
    resources:
        **NEEDS_DUCKDB,
    params:
        last_month=setting("panel.last_month"),
        settings=setting("matching"),
        code=code("matching/measure_outcomes"),
        environment=ENVIRONMENT,
    message:
        "Measure the outcomes of variant {wildcards.variant}"
    script:
        "../../scripts/matching/measure_outcomes.py"


rule fit_propensities:
    input:
        sample="results/matching/{variant}/sample.parquet",
        covariates="results/cohorts/{variant}/covariates.parquet",
    output:
        propensities="results/matching/{variant}/propensities.parquet",
    log:
        "results/logs/matching/fit_propensities/{variant}.log",
    benchmark:
        "results/benchmarks/matching/fit_propensities/{variant}.tsv"
    threads: 2
    params:
        settings=setting("matching"),
        seed=setting("seed"),
        code=code("matching/fit_propensities"),
        environment=ENVIRONMENT,
    message:
        "Fit the propensities of variant {wildcards.variant}"
    script:
        "../../scripts/matching/fit_propensities.py"


rule fit_outcomes:
    input:
        sample="results/matching/{variant}/sample.parquet",
        covariates="results/cohorts/{variant}/covariates.parquet",
        outcomes="results/matching/{variant}/outcomes.parquet",
    output:
        predictions="results/matching/{variant}/outcome_predictions.parquet",
    log:
        "results/logs/matching/fit_outcomes/{variant}.log",
    benchmark:
        "results/benchmarks/matching/fit_outcomes/{variant}.tsv"
    threads: 2
    params:
        settings=setting("matching"),
        seed=setting("seed"),
        code=code("matching/fit_outcomes"),
        environment=ENVIRONMENT,
    message:
        "Fit the outcome regressions of variant {wildcards.variant}"
    script:
        "../../scripts/matching/fit_outcomes.py"


rule describe_matching:
    input:
        sample="results/matching/{variant}/sample.parquet",
        propensities="results/matching/{variant}/propensities.parquet",
        covariates="results/cohorts/{variant}/covariates.parquet",
        characteristics="results/cohorts/{variant}/characteristics.parquet",
        panel=expand("results/panel/{shard}.parquet", shard=SHARDS),
    output:
        overlap="results/matching/{variant}/overlap.parquet",
        balance="results/matching/{variant}/balance.parquet",
        paths="results/matching/{variant}/paths.parquet",
    log:
        "results/logs/matching/describe_matching/{variant}.log",
    benchmark:
        "results/benchmarks/matching/describe_matching/{variant}.tsv"
    resources:
        **NEEDS_DUCKDB,
    params:
        smallest_propensity=setting("matching.smallest_propensity"),
        first_month=setting("panel.first_month"),
        last_month=setting("panel.last_month"),
        code=code("matching/describe_matching"),
        environment=ENVIRONMENT,
    message:
        "Describe the weighted control groups of variant {wildcards.variant}"
    script:
        "../../scripts/matching/describe_matching.py"


rule diagnose_matching:
    input:
        sample="results/matching/{variant}/sample.parquet",
        covariates="results/cohorts/{variant}/covariates.parquet",
        propensities="results/matching/{variant}/propensities.parquet",
        predictions="results/matching/{variant}/outcome_predictions.parquet",
        outcomes="results/matching/{variant}/outcomes.parquet",
    output:
        differences="results/matching/{variant}/balance_of_covariates.parquet",
        classes="results/matching/{variant}/propensity_classes.parquet",
        calibration="results/matching/{variant}/propensity_calibration.parquet",
        quality="results/matching/{variant}/prediction_quality.parquet",
    log:
        "results/logs/matching/diagnose_matching/{variant}.log",
    benchmark:
        "results/benchmarks/matching/diagnose_matching/{variant}.tsv"
    params:
        code=code("matching/diagnose_matching"),
        environment=ENVIRONMENT,
    message:
        "Diagnose the nuisance functions of variant {wildcards.variant}"
    script:
        "../../scripts/matching/diagnose_matching.py"
