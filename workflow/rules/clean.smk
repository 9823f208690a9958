# Cleaning: registers are received, each table is split into kept rows and rows set aside, and the counts are judged.
from tiltakseffekt.registers.contract import load_contract
from tiltakseffekt.registers.layout import table_files

CONTRACT = ROOT / "config/registers.yaml"
TABLES = load_contract(CONTRACT).tables
OTHER_PERSON_TABLES = [name for name, table in TABLES.items() if table.about_persons and name != "person"]
SYNTHETIC = MAIN.registers.provider == "synthetic"
REGISTERS = Path("results/registers" if SYNTHETIC else MAIN.registers.path)
CLEAN_CODEBOOKS = [
    ROOT / "config/codebook" / f"{name}.csv" for name in ("innsatsgruppe", "labels", "tiltaksgruppering")
]


def register_files(table):
    """Return the files of a register table: simulated parts, or whatever lies in the folder of the extracts."""
    if not SYNTHETIC:
        return table_files(REGISTERS, table)
    shards = SHARDS if TABLES[table].about_persons else ["000"]
    return expand("results/registers/{table}/part-{shard}.parquet", table=table, shard=shards)


def register_files_of_table(wildcards):
    """Return the files of the register table of the job."""
    return register_files(wildcards.table)


rule receive_registers:
    input:
        registers=[file for table in TABLES for file in register_files(table)],
        about=(REGISTERS / "about.json" if SYNTHETIC or (REGISTERS / "about.json").is_file() else []),
        contract=CONTRACT,
        codebooks=CLEAN_CODEBOOKS,
    output:
        receipt="results/clean/receipt.json",
    log:
        "results/logs/clean/receive_registers.log",
    benchmark:
        "results/benchmarks/clean/receive_registers.tsv"
    params:
        folder=str(REGISTERS),
        csv=setting("registers.csv"),
        code=code("clean/receive_registers"),
        environment=ENVIRONMENT,
    message:
        "Receive the registers"
    script:
        "../../scripts/clean/receive_registers.py"


rule clean_person:
    input:
        registers=register_files("person"),
        receipt=rules.receive_registers.output.receipt,
        contract=CONTRACT,
        codebooks=CLEAN_CODEBOOKS,
    output:
        clean=expand("results/clean/person/{shard}.parquet", shard=SHARDS),
        quarantine="results/quarantine/person.parquet",
        counts="results/clean/counts/person.json",
    log:
        "results/logs/clean/clean_person.log",
    benchmark:
        "results/benchmarks/clean/clean_person.tsv"
    threads: 2
    params:
        csv=setting("registers.csv"),
        settings=setting("clean"),
        workspace="results/tmp/clean_person",
        code=code("clean/clean_person"),
        environment=ENVIRONMENT,
    message:
        "Clean the table person"
    script:
        "../../scripts/clean/clean_person.py"


rule clean_table:
    input:
        registers=register_files_of_table,
        persons=rules.clean_person.output.clean,
        receipt=rules.receive_registers.output.receipt,
        contract=CONTRACT,
        codebooks=CLEAN_CODEBOOKS,
    output:
        clean=expand("results/clean/{table}/{shard}.parquet", shard=SHARDS, allow_missing=True),
        quarantine="results/quarantine/{table}.parquet",
        counts="results/clean/counts/{table}.json",
    log:
        "results/logs/clean/clean_table/{table}.log",
    benchmark:
        "results/benchmarks/clean/clean_table/{table}.tsv"
    wildcard_constraints:
        table="|".join(OTHER_PERSON_TABLES),
    threads: 2
    resources:
        **NEEDS_DUCKDB,
    params:
        csv=setting("registers.csv"),
        settings=setting("clean"),
        workspace="results/tmp/clean_table/{table}",
        code=code("clean/clean_table"),
        environment=ENVIRONMENT,
    message:
        "Clean the table {wildcards.table}"
    script:
        "../../scripts/clean/clean_table.py"


rule clean_municipality:
    input:
        registers=register_files("municipality"),
        receipt=rules.receive_registers.output.receipt,
        contract=CONTRACT,
        codebooks=CLEAN_CODEBOOKS,
    output:
        clean="results/clean/municipality.parquet",
        quarantine="results/quarantine/municipality.parquet",
        counts="results/clean/counts/municipality.json",
    log:
        "results/logs/clean/clean_municipality.log",
    benchmark:
        "results/benchmarks/clean/clean_municipality.tsv"
    params:
        csv=setting("registers.csv"),
        settings=setting("clean"),
        workspace="results/tmp/clean_municipality",
        code=code("clean/clean_municipality"),
        environment=ENVIRONMENT,
    message:
        "Clean the table municipality"
    script:
        "../../scripts/clean/clean_municipality.py"


rule check_quality:
    input:
        counts=expand("results/clean/counts/{table}.json", table=TABLES),
        contract=CONTRACT,
    output:
        quality="results/clean/data_quality.parquet",
    log:
        "results/logs/clean/check_quality.log",
    benchmark:
        "results/benchmarks/clean/check_quality.tsv"
    params:
        settings=setting("clean"),
        code=code("clean/check_quality"),
        environment=ENVIRONMENT,
    message:
        "Judge how many rows were set aside"
    script:
        "../../scripts/clean/check_quality.py"
