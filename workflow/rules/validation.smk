# Estimates beside what is known to be true. Only this stage reads the planted truth, and nothing reads this stage
# but exhibits. Real registers have no truth; extracts of synthetic ones may.
if MAIN.registers.provider == "synthetic":
    TRUTH = expand("results/truth/part-{shard}.parquet", shard=SHARDS)
elif MAIN.registers.truth_path:
    TRUTH = sorted(map(str, Path(MAIN.registers.truth_path).glob("part-*.parquet")))
else:
    TRUTH = []


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
