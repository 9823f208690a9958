# Cleaning: registers are received, each table is split into kept rows and rows set aside, and the counts are judged.
from tiltakseffekt.stages.registers.layout import table_files

SYNTHETIC = MAIN.registers.provider == "synthetic"
REGISTERS = Path("results/registers" if SYNTHETIC else MAIN.registers.path)
TABLES = {
    name: table for name, table in CONTRACTED.items() if SYNTHETIC or not table.optional or table_files(REGISTERS, name)
}
OTHER_PERSON_TABLES = [name for name, table in TABLES.items() if table.about_persons and name != "person"]
PLACE_TABLES = [name for name, table in TABLES.items() if not table.about_persons]
CLEAN_CODEBOOKS = [
    ROOT / "config/codebook" / f"{name}.csv"
    for name in (
        "diagnose",
        "fylkesenhet",
        "innsatsgruppe",
        "kommuneendringer",
        "kontorendringer",
        "labels",
        "tiltaksgruppering",
    )
]


def register_files(table):
    """Return the files of a register table: simulated parts, or whatever lies in the folder of the extracts."""
    if not SYNTHETIC:
        return table_files(REGISTERS, table)
    shards = SHARDS if TABLES[table].about_persons else ["000"]
    return expand("results/registers/{table}/part-{shard}.{form}", table=table, shard=shards, form=FORM)


def register_files_of_table(wildcards):
    """Return the files of the register table of the job."""
    return register_files(wildcards.table)


def tables_beside(wildcards):
    """Return the clean shards of the tables at which the cleaning of a table looks."""
    return expand("results/clean/{table}/{shard}.parquet", table=TABLES[wildcards.table].beside, shard=SHARDS)


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
        beside=tables_beside,
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


rule clean_place:
    input:
        registers=register_files_of_table,
        receipt=rules.receive_registers.output.receipt,
        contract=CONTRACT,
        codebooks=CLEAN_CODEBOOKS,
    output:
        clean="results/clean/{table}.parquet",
        quarantine="results/quarantine/{table}.parquet",
        counts="results/clean/counts/{table}.json",
    log:
        "results/logs/clean/clean_place/{table}.log",
    benchmark:
        "results/benchmarks/clean/clean_place/{table}.tsv"
    wildcard_constraints:
        table="|".join(PLACE_TABLES),
    params:
        csv=setting("registers.csv"),
        settings=setting("clean"),
        workspace="results/tmp/clean_place/{table}",
        code=code("clean/clean_place"),
        environment=ENVIRONMENT,
    message:
        "Clean the table {wildcards.table}"
    script:
        "../../scripts/clean/clean_place.py"


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
