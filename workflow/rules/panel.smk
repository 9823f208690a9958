# The person-month panel, one shard of persons at a time.


rule build_panel:
    input:
        quality="results/clean/data_quality.parquet",
        person="results/clean/person/{shard}.parquet",
        employment="results/clean/employment/{shard}.parquet",
        nav_status="results/clean/nav_status/{shard}.parquet",
        tiltak="results/clean/tiltak/{shard}.parquet",
        benefits="results/clean/benefits/{shard}.parquet",
        disability="results/clean/disability/{shard}.parquet",
        codebooks=[
            ROOT / "config/codebook/kpi.csv",
            ROOT / "config/codebook/grunnbelop.csv",
        ],
    output:
        panel="results/panel/{shard}.parquet",
    log:
        "results/logs/panel/build_panel/{shard}.log",
    benchmark:
        "results/benchmarks/panel/build_panel/{shard}.tsv"
    resources:
        **NEEDS_DUCKDB,
    params:
        settings=setting("panel"),
        memory=setting("clean.duckdb_memory"),
        workspace="results/tmp/build_panel/{shard}",
        code=code("panel/build_panel"),
        environment=ENVIRONMENT,
    message:
        "Build the person-months of shard {wildcards.shard}"
    script:
        "../../scripts/panel/build_panel.py"
