# Who is in the effect sample, when they were first registered, and what was known about them then.


rule build_entries:
    input:
        panel=expand("results/panel/{shard}.parquet", shard=SHARDS),
        person=expand("results/clean/person/{shard}.parquet", shard=SHARDS),
        tiltak=expand("results/clean/tiltak/{shard}.parquet", shard=SHARDS),
    output:
        entries="results/cohorts/{variant}/entries.parquet",
        attrition="results/cohorts/{variant}/attrition.parquet",
    log:
        "results/logs/cohorts/build_entries/{variant}.log",
    benchmark:
        "results/benchmarks/cohorts/build_entries/{variant}.tsv"
    params:
        settings=setting("cohorts", "covariates"),
        arms=arms,
        last_month=setting("panel.last_month"),
        code=code("cohorts/build_entries"),
        environment=ENVIRONMENT,
    message:
        "Select the cohort of variant {wildcards.variant}"
    script:
        "../../scripts/cohorts/build_entries.py"


rule build_covariates:
    input:
        entries="results/cohorts/{variant}/entries.parquet",
        panel=expand("results/panel/{shard}.parquet", shard=SHARDS),
        person=expand("results/clean/person/{shard}.parquet", shard=SHARDS),
        residence=expand("results/clean/residence/{shard}.parquet", shard=SHARDS),
        education=expand("results/clean/education/{shard}.parquet", shard=SHARDS),
        income=expand("results/clean/income/{shard}.parquet", shard=SHARDS),
        municipality="results/clean/municipality.parquet",
        landgruppe=ROOT / "config/codebook/landgruppe.csv",
        aldersgruppe=ROOT / "config/codebook/aldersgruppe.csv",
        grunnbelop=ROOT / "config/codebook/grunnbelop.csv",
    output:
        characteristics="results/cohorts/{variant}/characteristics.parquet",
        covariates="results/cohorts/{variant}/covariates.parquet",
    log:
        "results/logs/cohorts/build_covariates/{variant}.log",
    benchmark:
        "results/benchmarks/cohorts/build_covariates/{variant}.tsv"
    params:
        names=setting("cohorts.covariates"),
        code=code("cohorts/build_covariates"),
        environment=ENVIRONMENT,
    message:
        "Describe the cohort of variant {wildcards.variant} at first registration"
    script:
        "../../scripts/cohorts/build_covariates.py"


rule describe_registrations:
    input:
        nav_status=expand("results/clean/nav_status/{shard}.parquet", shard=SHARDS),
        tiltak=expand("results/clean/tiltak/{shard}.parquet", shard=SHARDS),
        panel=expand("results/panel/{shard}.parquet", shard=SHARDS),
    output:
        nav_months="results/cohorts/{variant}/nav_months.parquet",
        nav_paths="results/cohorts/{variant}/nav_paths.parquet",
        wage_classes="results/cohorts/{variant}/wage_classes.parquet",
        measure_survival="results/cohorts/{variant}/measure_survival.parquet",
    log:
        "results/logs/cohorts/describe_registrations/{variant}.log",
    benchmark:
        "results/benchmarks/cohorts/describe_registrations/{variant}.tsv"
    threads: 2
    resources:
        **NEEDS_DUCKDB,
    params:
        arms=arms,
        settings=setting("description"),
        first_month=setting("panel.first_month"),
        last_month=setting("panel.last_month"),
        confidence=setting("effects.confidence"),
        memory=setting("clean.duckdb_memory"),
        workspace="results/tmp/describe_registrations/{variant}",
        code=code("cohorts/describe_registrations"),
        environment=ENVIRONMENT,
    message:
        "Describe who is registered with NAV, variant {wildcards.variant}"
    script:
        "../../scripts/cohorts/describe_registrations.py"
