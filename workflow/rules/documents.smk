# What printed reports say: audits of their own numbers, and their numbers beside those of the registers.
from tiltakseffekt.documents.calibration.choices import load_choices
from tiltakseffekt.documents.calibration.permanent import COLUMNS as MEASURABLE

DOCUMENTS = list(load_choices(ROOT / "config/documents").left_out)
MEASURED = {
    name: f"results/clean/{name}/{{shard}}.parquet" if TABLES[name].about_persons else f"results/clean/{name}.parquet"
    for name in MEASURABLE
    if name in TABLES
}


rule measure_calibration:
    input:
        **MEASURED,
        codebooks=[ROOT / "config/codebook" / f"{name}.csv" for name in ("diagnose", "fylkesenhet")],
    output:
        sums="results/documents/calibration/{shard}.parquet",
    log:
        "results/logs/documents/measure_calibration/{shard}.log",
    benchmark:
        "results/benchmarks/documents/measure_calibration/{shard}.tsv"
    params:
        tables=list(MEASURED),
        code=code("documents/measure_calibration"),
        environment=ENVIRONMENT,
    message:
        "Measure permanent measures in shard {wildcards.shard}"
    script:
        "../../scripts/documents/measure_calibration.py"


rule gather_calibration:
    input:
        described="results/description/tiltakseffekter/main/sums.parquet",
        sums=expand("results/documents/calibration/{shard}.parquet", shard=SHARDS),
        published=expand(ROOT / "config/documents/{document}/numbers.csv", document=DOCUMENTS),
        labels=ROOT / "config/codebook/labels.csv",
        units=ROOT / "config/codebook/fylkesenhet.csv",
        providers="results/clean/vta_provider.parquet" if "vta_provider" in TABLES else [],
        compared=ROOT / "config/documents/compared.yaml",
        choices=expand(ROOT / "config/documents/{document}/choices.yaml", document=DOCUMENTS),
        receipt="results/clean/receipt.json",
    output:
        calibration="results/documents/calibration.parquet",
    log:
        "results/logs/documents/gather_calibration.log",
    benchmark:
        "results/benchmarks/documents/gather_calibration.tsv"
    params:
        tables=list(TABLES),
        code=code("documents/gather_calibration"),
        environment=ENVIRONMENT,
    message:
        "Set printed numbers beside those of the registers"
    script:
        "../../scripts/documents/gather_calibration.py"


rule audit_cost_benefit:
    input:
        published=ROOT / "config/documents/effektrapport_2024/numbers.csv",
        labels=ROOT / "config/codebook/labels.csv",
        stated=ROOT / "config/documents/effektrapport_2024/stated_inputs.yaml",
        parameters=ROOT / "config/evaluations/tiltakseffekter/prices.yaml",
    output:
        audit="results/documents/effektrapport_2024/audit.parquet",
        conventions="results/documents/effektrapport_2024/conventions.parquet",
        corrections="results/documents/effektrapport_2024/corrections.parquet",
        bases="results/documents/effektrapport_2024/printed_bases.parquet",
        sensitivity="results/documents/effektrapport_2024/specified_sensitivity.parquet",
    log:
        "results/logs/documents/audit_cost_benefit.log",
    benchmark:
        "results/benchmarks/documents/audit_cost_benefit.tsv"
    params:
        code=code("documents/audit_cost_benefit"),
        environment=ENVIRONMENT,
    message:
        "Audit the printed cost-benefit tables"
    script:
        "../../scripts/documents/audit_cost_benefit.py"


rule audit_wage_subsidy:
    input:
        vlt_rapport=ROOT / "config/documents/vlt_rapport/numbers.csv",
        vtao_horing=ROOT / "config/documents/vtao_horing/numbers.csv",
        parameters=ROOT / "config/evaluations/varig_lonnstilskudd/prices.yaml",
    output:
        numbers="results/documents/vlt_rapport/wage_subsidy.parquet",
        verdicts="results/documents/vlt_rapport/wage_subsidy_audit.parquet",
        errata="results/documents/vlt_rapport/wage_subsidy_errata.parquet",
    log:
        "results/logs/documents/audit_wage_subsidy.log",
    benchmark:
        "results/benchmarks/documents/audit_wage_subsidy.tsv"
    params:
        code=code("documents/audit_wage_subsidy"),
        environment=ENVIRONMENT,
    message:
        "Audit the printed tables of varig lønnstilskudd"
    script:
        "../../scripts/documents/audit_wage_subsidy.py"
