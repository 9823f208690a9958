# Pseudo-starts, outcomes, propensities and outcome regressions of the effect sample; who is kept for want of overlap.
# What is learnt lies in one folder per repetition of the cross-fitting, so that another repetition leaves the others be.
REPETITION = "results/matching/{variant}/repetition-{repetition}"


def of_each_repetition(name):
    """Return an input function: a table of every repetition of the variant of the job."""

    def of_variant(wildcards):
        repetitions = range(1, VARIANTS[wildcards.variant].matching.repetitions + 1)
        return [f"results/matching/{wildcards.variant}/repetition-{number}/{name}.parquet" for number in repetitions]

    return of_variant


rule draw_pseudo_starts:
    input:
        entries="results/cohorts/{variant}/entries.parquet",
        covariates="results/cohorts/{variant}/covariates.parquet",
        panel=expand("results/panel/{shard}.parquet", shard=SHARDS),
    output:
        sample="results/matching/{variant}/full_sample.parquet",
    log:
        "results/logs/matching/draw_pseudo_starts/{variant}.log",
    benchmark:
        "results/benchmarks/matching/draw_pseudo_starts/{variant}.tsv"
    threads: 2
    resources:
        **NEEDS_DUCKDB,
    params:
        arms=arms,
        settings=setting("matching", "repetitions", "overlap"),
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
        sample="results/matching/{variant}/full_sample.parquet",
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
        settings=setting("matching", "repetitions", "overlap"),
        code=code("matching/measure_outcomes"),
        environment=ENVIRONMENT,
    message:
        "Measure the outcomes of variant {wildcards.variant}"
    script:
        "../../scripts/matching/measure_outcomes.py"


rule fit_propensities:
    input:
        sample="results/matching/{variant}/full_sample.parquet",
        covariates="results/cohorts/{variant}/covariates.parquet",
    output:
        propensities=f"{REPETITION}/propensities.parquet",
    log:
        "results/logs/matching/fit_propensities/{variant}-{repetition}.log",
    benchmark:
        "results/benchmarks/matching/fit_propensities/{variant}-{repetition}.tsv"
    threads: 2
    params:
        arms=arms,
        settings=setting("matching", "repetitions", "overlap"),
        seed=setting("seed"),
        code=code("matching/fit_propensities"),
        environment=ENVIRONMENT,
    message:
        "Fit the propensities of variant {wildcards.variant}, repetition {wildcards.repetition}"
    script:
        "../../scripts/matching/fit_propensities.py"


rule fit_outcomes:
    input:
        sample="results/matching/{variant}/full_sample.parquet",
        covariates="results/cohorts/{variant}/covariates.parquet",
        outcomes="results/matching/{variant}/outcomes.parquet",
    output:
        predictions=f"{REPETITION}/outcome_predictions.parquet",
    log:
        "results/logs/matching/fit_outcomes/{variant}-{repetition}.log",
    benchmark:
        "results/benchmarks/matching/fit_outcomes/{variant}-{repetition}.tsv"
    threads: 2
    params:
        arms=arms,
        settings=setting("matching", "repetitions", "overlap"),
        seed=setting("seed"),
        code=code("matching/fit_outcomes"),
        environment=ENVIRONMENT,
    message:
        "Fit the outcome regressions of variant {wildcards.variant}, repetition {wildcards.repetition}"
    script:
        "../../scripts/matching/fit_outcomes.py"


rule restrict_overlap:
    input:
        sample="results/matching/{variant}/full_sample.parquet",
        propensities=of_each_repetition("propensities"),
    output:
        sample="results/matching/{variant}/sample.parquet",
        propensities="results/matching/{variant}/propensities.parquet",
        trimming="results/matching/{variant}/trimming.parquet",
    log:
        "results/logs/matching/restrict_overlap/{variant}.log",
    benchmark:
        "results/benchmarks/matching/restrict_overlap/{variant}.tsv"
    params:
        settings=setting("matching.overlap"),
        code=code("matching/restrict_overlap"),
        environment=ENVIRONMENT,
    message:
        "Trim and bound the propensities of variant {wildcards.variant}"
    script:
        "../../scripts/matching/restrict_overlap.py"


rule describe_overlap:
    input:
        sample="results/matching/{variant}/sample.parquet",
        propensities="results/matching/{variant}/propensities.parquet",
        trimming="results/matching/{variant}/trimming.parquet",
        covariates="results/cohorts/{variant}/covariates.parquet",
    output:
        overlap="results/matching/{variant}/overlap.parquet",
    log:
        "results/logs/matching/describe_overlap/{variant}.log",
    benchmark:
        "results/benchmarks/matching/describe_overlap/{variant}.tsv"
    params:
        threshold=setting("export.threshold"),
        code=code("matching/describe_overlap"),
        environment=ENVIRONMENT,
    message:
        "Describe the overlap of variant {wildcards.variant}"
    script:
        "../../scripts/matching/describe_overlap.py"


rule diagnose_matching:
    input:
        sample="results/matching/{variant}/sample.parquet",
        covariates="results/cohorts/{variant}/covariates.parquet",
        propensities="results/matching/{variant}/propensities.parquet",
        predictions="results/matching/{variant}/repetition-1/outcome_predictions.parquet",
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
