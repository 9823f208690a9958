# Who might be offered what: policies learnt from the scores, and what they would be worth.
rule learn_policies:
    input:
        entries="results/cohorts/{variant}/entries.parquet",
        covariates="results/cohorts/{variant}/covariates.parquet",
        sample="results/matching/{variant}/sample.parquet",
        outcomes="results/matching/{variant}/outcomes.parquet",
        predictions=of_each_repetition("outcome_predictions"),
        scores="results/effects/{variant}/scores.parquet",
        estimates="results/effects/{variant}/estimates.parquet",
        covariances="results/effects/{variant}/covariances.parquet",
        parameters=evaluation_file("prices.yaml"),
    output:
        rewards="results/allocation/{variant}/policy_rewards.parquet",
        values="results/allocation/{variant}/policy_values.parquet",
        shares="results/allocation/{variant}/policy_shares.parquet",
        rules="results/allocation/{variant}/policy_rules.parquet",
        assignments="results/allocation/{variant}/policy_assignments.parquet",
    log:
        "results/logs/allocation/learn_policies/{variant}.log",
    benchmark:
        "results/benchmarks/allocation/learn_policies/{variant}.tsv"
    params:
        arms=arms,
        settings=setting("allocation"),
        confidence=setting("effects.confidence"),
        code=code("allocation/learn_policies"),
        environment=ENVIRONMENT,
    message:
        "Learn policies of who gets which measure from variant {wildcards.variant}"
    script:
        "../../scripts/allocation/learn_policies.py"
