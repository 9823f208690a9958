"""From the cohort to propensities and outcome regressions: pseudo-starts, folds, honest forests, diagnostics."""
