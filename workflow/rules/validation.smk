# Estimates beside what is known to be true. Only this stage reads the planted truth, and nothing reads this stage
# but exhibits. Real registers have no truth; extracts of synthetic ones may.
if MAIN.registers.provider == "synthetic":
    TRUTH = expand("results/truth/part-{shard}.parquet", shard=SHARDS)
    LEDGER = expand("results/truth/defects/part-{shard}.parquet", shard=SHARDS)
elif MAIN.registers.truth_path:
    TRUTH = sorted(map(str, Path(MAIN.registers.truth_path).glob("part-*.parquet")))
    LEDGER = sorted(map(str, Path(MAIN.registers.truth_path).glob("defects/part-*.parquet")))
else:
    TRUTH = LEDGER = []


rule compare_with_truth:
    input:
        estimates="results/effects/{variant}/estimates.parquet",
        sample="results/matching/{variant}/sample.parquet",
        truth=TRUTH,
    output:
        truth_comparison="results/validation/{variant}/truth_comparison.parquet",
    log:
        "results/logs/validation/compare_with_truth/{variant}.log",
    benchmark:
        "results/benchmarks/validation/compare_with_truth/{variant}.tsv"
    params:
        truth_path=setting("registers.truth_path"),
        code=code("validation/compare_with_truth"),
        environment=ENVIRONMENT,
    message:
        "Compare the estimates of variant {wildcards.variant} with the planted truth"
    script:
        "../../scripts/validation/compare_with_truth.py"


rule compare_fifths:
    input:
        fifths="results/heterogeneity/{variant}/fifths.parquet",
        sample="results/matching/{variant}/sample.parquet",
        truth=TRUTH,
    output:
        fifths_truth="results/validation/{variant}/fifths_truth.parquet",
    log:
        "results/logs/validation/compare_fifths/{variant}.log",
    benchmark:
        "results/benchmarks/validation/compare_fifths/{variant}.tsv"
    params:
        truth_path=setting("registers.truth_path"),
        code=code("validation/compare_fifths"),
        environment=ENVIRONMENT,
    message:
        "Average the planted effects by predicted effect in variant {wildcards.variant}"
    script:
        "../../scripts/validation/compare_fifths.py"


rule compare_policies:
    input:
        rewards="results/allocation/{variant}/policy_rewards.parquet",
        assignments="results/allocation/{variant}/policy_assignments.parquet",
        sample="results/matching/{variant}/sample.parquet",
        truth=TRUTH,
    output:
        policy_truth="results/validation/{variant}/policy_truth.parquet",
    log:
        "results/logs/validation/compare_policies/{variant}.log",
    benchmark:
        "results/benchmarks/validation/compare_policies/{variant}.tsv"
    params:
        truth_path=setting("registers.truth_path"),
        code=code("validation/compare_policies"),
        environment=ENVIRONMENT,
    message:
        "Compare the policies of variant {wildcards.variant} with the planted truth"
    script:
        "../../scripts/validation/compare_policies.py"


# Printed numbers beside those of the registers. The choices name the documents.
from tiltakseffekt.validation.calibration.choices import load_choices
from tiltakseffekt.validation.calibration.permanent import COLUMNS as MEASURABLE

CHOICES = ROOT / "config/calibration.yaml"
DOCUMENTS = list(load_choices(CHOICES).left_out)
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
        sums="results/validation/{variant}/calibration/{shard}.parquet",
    log:
        "results/logs/validation/measure_calibration/{variant}/{shard}.log",
    benchmark:
        "results/benchmarks/validation/measure_calibration/{variant}/{shard}.tsv"
    params:
        tables=list(MEASURED),
        code=code("validation/measure_calibration"),
        environment=ENVIRONMENT,
    message:
        "Measure permanent measures in shard {wildcards.shard}"
    script:
        "../../scripts/validation/measure_calibration.py"


rule gather_calibration:
    input:
        described="results/description/{variant}/sums.parquet",
        sums=expand("results/validation/{{variant}}/calibration/{shard}.parquet", shard=SHARDS),
        published=expand(ROOT / "config/published/{document}.csv", document=DOCUMENTS),
        labels=ROOT / "config/codebook/labels.csv",
        units=ROOT / "config/codebook/fylkesenhet.csv",
        providers="results/clean/vta_provider.parquet" if "vta_provider" in TABLES else [],
        choices=CHOICES,
        receipt="results/clean/receipt.json",
    output:
        calibration="results/validation/{variant}/calibration.parquet",
    log:
        "results/logs/validation/gather_calibration/{variant}.log",
    benchmark:
        "results/benchmarks/validation/gather_calibration/{variant}.tsv"
    params:
        tables=list(TABLES),
        code=code("validation/gather_calibration"),
        environment=ENVIRONMENT,
    message:
        "Set printed numbers beside those of the registers"
    script:
        "../../scripts/validation/gather_calibration.py"


rule score_defects:
    input:
        ledger=LEDGER,
        quarantine=expand("results/quarantine/{table}.parquet", table=TABLES),
        contract=CONTRACT,
    output:
        defect_scores="results/validation/main/defect_scores.parquet",
    log:
        "results/logs/validation/score_defects.log",
    benchmark:
        "results/benchmarks/validation/score_defects.tsv"
    params:
        code=code("validation/score_defects"),
        environment=ENVIRONMENT,
    message:
        "Compare what cleaning found with the planted defects"
    script:
        "../../scripts/validation/score_defects.py"


# Public data on real persons, whose true effect an experiment tells; no register is read.
rule estimate_lalonde:
    input:
        nsw=ROOT / "config/lalonde/nsw.csv",
        cps=ROOT / "config/lalonde/cps.csv",
    output:
        lalonde="results/validation/main/lalonde.parquet",
    log:
        "results/logs/validation/estimate_lalonde.log",
    benchmark:
        "results/benchmarks/validation/estimate_lalonde.tsv"
    threads: 2
    params:
        matching=setting("matching"),
        effects=setting("effects"),
        seed=setting("seed"),
        code=code("validation/estimate_lalonde"),
        environment=ENVIRONMENT,
    message:
        "Estimate the effect of LaLonde's experiment without its controls"
    script:
        "../../scripts/validation/estimate_lalonde.py"
