# Who registers, who takes part in measures, and what becomes of them: all sums of a shard in one pass.
from tiltakseffekt.stages.description.people import COLUMNS as DESCRIBED

DESCRIBED_TABLES = {name: f"results/clean/{name}/{{shard}}.parquet" for name in DESCRIBED if name in TABLES}


rule measure_shard:
    input:
        **DESCRIBED_TABLES,
        panel="results/panel/{shard}.parquet",
        codebooks=[ROOT / "config/codebook" / f"{name}.csv" for name in ("landgruppe", "aldersgruppe")],
    output:
        sums="results/description/{variant}/shards/{shard}.parquet",
    log:
        "results/logs/description/measure_shard/{variant}/{shard}.log",
    benchmark:
        "results/benchmarks/description/measure_shard/{variant}/{shard}.tsv"
    params:
        tables=[*DESCRIBED_TABLES, "panel"],
        arms=arms,
        settings=setting("description"),
        cohorts=setting("cohorts", "covariates"),
        panel=setting("panel"),
        code=code("description/measure_shard"),
        environment=ENVIRONMENT,
    message:
        "Describe the persons of shard {wildcards.shard}"
    script:
        "../../scripts/description/measure_shard.py"


rule add_up_shards:
    input:
        sums=expand("results/description/{{variant}}/shards/{shard}.parquet", shard=SHARDS),
    output:
        sums="results/description/{variant}/sums.parquet",
    log:
        "results/logs/description/add_up_shards/{variant}.log",
    benchmark:
        "results/benchmarks/description/add_up_shards/{variant}.tsv"
    params:
        code=code("description/add_up_shards"),
        environment=ENVIRONMENT,
    message:
        "Add up the description of all shards"
    script:
        "../../scripts/description/add_up_shards.py"
