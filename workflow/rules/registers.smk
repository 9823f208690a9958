# Synthetic registers: made-up persons with known effects, and the planted truth apart from them.


rule simulate_registers:
    input:
        parameters=ROOT / "config/synthetic.yaml",
        grunnbelop=ROOT / "config/codebook/grunnbelop.csv",
        kpi=ROOT / "config/codebook/kpi.csv",
        innsatsgruppe=ROOT / "config/codebook/innsatsgruppe.csv",
        tiltaksgruppering=ROOT / "config/codebook/tiltaksgruppering.csv",
    output:
        person="results/registers/person/part-{shard}.parquet",
        residence="results/registers/residence/part-{shard}.parquet",
        education="results/registers/education/part-{shard}.parquet",
        employment="results/registers/employment/part-{shard}.parquet",
        income="results/registers/income/part-{shard}.parquet",
        nav_status="results/registers/nav_status/part-{shard}.parquet",
        tiltak="results/registers/tiltak/part-{shard}.parquet",
        benefits="results/registers/benefits/part-{shard}.parquet",
        disability="results/registers/disability/part-{shard}.parquet",
        truth="results/truth/part-{shard}.parquet",
    log:
        "results/logs/registers/simulate_registers/{shard}.log",
    benchmark:
        "results/benchmarks/registers/simulate_registers/{shard}.tsv"
    resources:
        mem_mb=1500,
    params:
        settings=setting("registers"),
        seed=setting("seed"),
        code=code("registers/simulate_registers"),
        environment=ENVIRONMENT,
    message:
        "Simulate the registers of shard {wildcards.shard}"
    script:
        "../../scripts/registers/simulate_registers.py"


rule simulate_municipalities:
    input:
        parameters=ROOT / "config/synthetic.yaml",
        grunnbelop=ROOT / "config/codebook/grunnbelop.csv",
        kpi=ROOT / "config/codebook/kpi.csv",
        innsatsgruppe=ROOT / "config/codebook/innsatsgruppe.csv",
        tiltaksgruppering=ROOT / "config/codebook/tiltaksgruppering.csv",
    output:
        municipality="results/registers/municipality/part-000.parquet",
    log:
        "results/logs/registers/simulate_municipalities.log",
    benchmark:
        "results/benchmarks/registers/simulate_municipalities.tsv"
    params:
        seed=setting("seed"),
        code=code("registers/simulate_municipalities"),
        environment=ENVIRONMENT,
    message:
        "Simulate the municipalities"
    script:
        "../../scripts/registers/simulate_municipalities.py"


rule describe_registers:
    output:
        about="results/registers/about.json",
    log:
        "results/logs/registers/describe_registers.log",
    benchmark:
        "results/benchmarks/registers/describe_registers.tsv"
    params:
        settings=setting("registers"),
        seed=setting("seed"),
        code=code("registers/describe_registers"),
        environment=ENVIRONMENT,
    message:
        "Say that the registers are synthetic"
    script:
        "../../scripts/registers/describe_registers.py"
