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
        truth_comparison="results/laboratory/{variant}/truth_comparison.parquet",
    log:
        "results/logs/laboratory/compare_with_truth/{variant}.log",
    benchmark:
        "results/benchmarks/laboratory/compare_with_truth/{variant}.tsv"
    params:
        arms=arms,
        truth_path=setting("registers.truth_path"),
        code=code("laboratory/compare_with_truth"),
        environment=ENVIRONMENT,
    message:
        "Compare the estimates of variant {wildcards.variant} with the planted truth"
    script:
        "../../scripts/laboratory/compare_with_truth.py"


rule compare_fifths:
    input:
        fifths="results/heterogeneity/{variant}/fifths.parquet",
        sample="results/matching/{variant}/sample.parquet",
        truth=TRUTH,
    output:
        fifths_truth="results/laboratory/{variant}/fifths_truth.parquet",
    log:
        "results/logs/laboratory/compare_fifths/{variant}.log",
    benchmark:
        "results/benchmarks/laboratory/compare_fifths/{variant}.tsv"
    params:
        arms=arms,
        truth_path=setting("registers.truth_path"),
        code=code("laboratory/compare_fifths"),
        environment=ENVIRONMENT,
    message:
        "Average the planted effects by predicted effect in variant {wildcards.variant}"
    script:
        "../../scripts/laboratory/compare_fifths.py"


rule compare_policies:
    input:
        rewards="results/allocation/{variant}/policy_rewards.parquet",
        assignments="results/allocation/{variant}/policy_assignments.parquet",
        sample="results/matching/{variant}/sample.parquet",
        truth=TRUTH,
    output:
        policy_truth="results/laboratory/{variant}/policy_truth.parquet",
    log:
        "results/logs/laboratory/compare_policies/{variant}.log",
    benchmark:
        "results/benchmarks/laboratory/compare_policies/{variant}.tsv"
    params:
        truth_path=setting("registers.truth_path"),
        code=code("laboratory/compare_policies"),
        environment=ENVIRONMENT,
    message:
        "Compare the policies of variant {wildcards.variant} with the planted truth"
    script:
        "../../scripts/laboratory/compare_policies.py"


rule score_defects:
    input:
        ledger=LEDGER,
        quarantine=expand("results/quarantine/{table}.parquet", table=TABLES),
        contract=CONTRACT,
    output:
        defect_scores="results/laboratory/defect_scores.parquet",
    log:
        "results/logs/laboratory/score_defects.log",
    benchmark:
        "results/benchmarks/laboratory/score_defects.tsv"
    params:
        code=code("laboratory/score_defects"),
        environment=ENVIRONMENT,
    message:
        "Compare what cleaning found with the planted defects"
    script:
        "../../scripts/laboratory/score_defects.py"


# Public data on real persons, whose true effect an experiment tells; no register is read.
rule estimate_lalonde:
    input:
        nsw=ROOT / "config/laboratory/lalonde/nsw.csv",
        cps=ROOT / "config/laboratory/lalonde/cps.csv",
    output:
        lalonde="results/laboratory/lalonde.parquet",
    log:
        "results/logs/laboratory/estimate_lalonde.log",
    benchmark:
        "results/benchmarks/laboratory/estimate_lalonde.tsv"
    threads: 2
    params:
        matching=setting("matching"),
        effects=setting("effects"),
        seed=setting("seed"),
        code=code("laboratory/estimate_lalonde"),
        environment=ENVIRONMENT,
    message:
        "Estimate the effect of LaLonde's experiment without its controls"
    script:
        "../../scripts/laboratory/estimate_lalonde.py"
