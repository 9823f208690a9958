# Synthetic registers: made-up persons with known effects; the planted truth and planted defects apart from them.
from tiltakseffekt.stages.registers.contract import load_contract

CONTRACT = ROOT / "config/registers.yaml"
CONTRACTED = load_contract(CONTRACT).tables
CHANGES = [ROOT / "config/codebook" / f"{name}.csv" for name in ("kommuneendringer", "kontorendringer")]
FORM = MAIN.registers.delivery


rule simulate_registers:
    input:
        parameters=ROOT / "config/synthetic/lives.yaml",
        fitted=ROOT / "config/synthetic/fitted.yaml",
        permanent=ROOT / "config/synthetic/permanent.yaml",
        permanent_weights=ROOT / "config/synthetic/permanent_weights.yaml",
        grunnbelop=ROOT / "config/codebook/grunnbelop.csv",
        kpi=ROOT / "config/codebook/kpi.csv",
        innsatsgruppe=ROOT / "config/codebook/innsatsgruppe.csv",
        tiltaksgruppering=ROOT / "config/codebook/tiltaksgruppering.csv",
        changes=CHANGES,
        contract=CONTRACT,
    output:
        **{
            name: f"results/registers/{name}/part-{{shard}}.{FORM}"
            for name, table in CONTRACTED.items()
            if table.about_persons
        },
        truth="results/truth/part-{shard}.parquet",
        assignment="results/truth/assignment/part-{shard}.parquet",
        defects="results/truth/defects/part-{shard}.parquet",
    log:
        "results/logs/synthetic/simulate_registers/{shard}.log",
    benchmark:
        "results/benchmarks/synthetic/simulate_registers/{shard}.tsv"
    resources:
        mem_mb=1500,
    params:
        settings=setting("registers"),
        seed=setting("seed"),
        code=code("synthetic/simulate_registers"),
        environment=ENVIRONMENT,
    message:
        "Simulate the registers of shard {wildcards.shard}"
    script:
        "../../scripts/synthetic/simulate_registers.py"


rule simulate_places:
    input:
        parameters=ROOT / "config/synthetic/lives.yaml",
        fitted=ROOT / "config/synthetic/fitted.yaml",
        permanent=ROOT / "config/synthetic/permanent.yaml",
        permanent_weights=ROOT / "config/synthetic/permanent_weights.yaml",
        grunnbelop=ROOT / "config/codebook/grunnbelop.csv",
        kpi=ROOT / "config/codebook/kpi.csv",
        innsatsgruppe=ROOT / "config/codebook/innsatsgruppe.csv",
        tiltaksgruppering=ROOT / "config/codebook/tiltaksgruppering.csv",
        changes=CHANGES,
    output:
        **{
            name: f"results/registers/{name}/part-000.{FORM}"
            for name, table in CONTRACTED.items()
            if not table.about_persons
        },
    log:
        "results/logs/synthetic/simulate_places.log",
    benchmark:
        "results/benchmarks/synthetic/simulate_places.tsv"
    params:
        settings=setting("registers"),
        seed=setting("seed"),
        code=code("synthetic/simulate_places"),
        environment=ENVIRONMENT,
    message:
        "Simulate municipalities, NAV offices and sheltered firms"
    script:
        "../../scripts/synthetic/simulate_places.py"


rule describe_registers:
    output:
        about="results/registers/about.json",
    log:
        "results/logs/synthetic/describe_registers.log",
    benchmark:
        "results/benchmarks/synthetic/describe_registers.tsv"
    params:
        settings=setting("registers"),
        seed=setting("seed"),
        code=code("synthetic/describe_registers"),
        environment=ENVIRONMENT,
    message:
        "Say that the registers are synthetic"
    script:
        "../../scripts/synthetic/describe_registers.py"
