# What one course of each measure costs and is worth, and whether the printed tables follow from what they state.
rule audit_cost_benefit:
    input:
        published=ROOT / "config/published/seed-004.csv",
        labels=ROOT / "config/codebook/labels.csv",
        parameters=ROOT / "config/cost_benefit.yaml",
    output:
        audit="results/cost_benefit/{variant}/audit.parquet",
        conventions="results/cost_benefit/{variant}/conventions.parquet",
        corrections="results/cost_benefit/{variant}/corrections.parquet",
        bases="results/cost_benefit/{variant}/printed_bases.parquet",
    log:
        "results/logs/cost_benefit/audit_cost_benefit/{variant}.log",
    benchmark:
        "results/benchmarks/cost_benefit/audit_cost_benefit/{variant}.tsv"
    params:
        code=code("cost_benefit/audit_cost_benefit"),
        environment=ENVIRONMENT,
    message:
        "Audit the printed cost-benefit tables for variant {wildcards.variant}"
    script:
        "../../scripts/cost_benefit/audit_cost_benefit.py"


rule compute_cost_benefit:
    input:
        entries="results/cohorts/{variant}/entries.parquet",
        sample="results/matching/{variant}/sample.parquet",
        estimates="results/effects/{variant}/estimates.parquet",
        covariances="results/effects/{variant}/covariances.parquet",
        parameters=ROOT / "config/cost_benefit.yaml",
        bases="results/cost_benefit/{variant}/printed_bases.parquet",
    output:
        cost_benefit="results/cost_benefit/{variant}/cost_benefit.parquet",
        course_inputs="results/cost_benefit/{variant}/course_inputs.parquet",
    log:
        "results/logs/cost_benefit/compute_cost_benefit/{variant}.log",
    benchmark:
        "results/benchmarks/cost_benefit/compute_cost_benefit/{variant}.tsv"
    params:
        confidence=setting("effects.confidence"),
        code=code("cost_benefit/compute_cost_benefit"),
        environment=ENVIRONMENT,
    message:
        "Compute costs and benefits of variant {wildcards.variant}"
    script:
        "../../scripts/cost_benefit/compute_cost_benefit.py"


# What the printed cost-benefit tables of varig lønnstilskudd and VTA-O follow from; no register enters.
rule audit_wage_subsidy:
    input:
        seed_000=ROOT / "config/published/seed-000.csv",
        seed_001=ROOT / "config/published/seed-001.csv",
        parameters=ROOT / "config/wage_subsidy.yaml",
    output:
        numbers="results/cost_benefit/{variant}/wage_subsidy.parquet",
        verdicts="results/cost_benefit/{variant}/wage_subsidy_audit.parquet",
        errata="results/cost_benefit/{variant}/wage_subsidy_errata.parquet",
    log:
        "results/logs/cost_benefit/audit_wage_subsidy/{variant}.log",
    benchmark:
        "results/benchmarks/cost_benefit/audit_wage_subsidy/{variant}.tsv"
    params:
        code=code("cost_benefit/audit_wage_subsidy"),
        environment=ENVIRONMENT,
    message:
        "Audit the printed tables of varig lønnstilskudd"
    script:
        "../../scripts/cost_benefit/audit_wage_subsidy.py"


rule analyse_sensitivity:
    input:
        entries="results/cohorts/{variant}/entries.parquet",
        sample="results/matching/{variant}/sample.parquet",
        estimates="results/effects/{variant}/estimates.parquet",
        covariances="results/effects/{variant}/covariances.parquet",
        joint_covariances="results/effects/{variant}/joint_covariances.parquet",
        scores="results/effects/{variant}/scores.parquet",
        characteristics="results/cohorts/{variant}/characteristics.parquet",
        parameters=ROOT / "config/cost_benefit.yaml",
    output:
        sensitivity="results/cost_benefit/{variant}/sensitivity.parquet",
    log:
        "results/logs/cost_benefit/analyse_sensitivity/{variant}.log",
    benchmark:
        "results/benchmarks/cost_benefit/analyse_sensitivity/{variant}.tsv"
    params:
        seed=setting("seed"),
        code=code("cost_benefit/analyse_sensitivity"),
        environment=ENVIRONMENT,
    message:
        "Simulate costs and benefits of variant {wildcards.variant}"
    script:
        "../../scripts/cost_benefit/analyse_sensitivity.py"
