"""Monte Carlo study of the estimator: designs whose truth is known, estimators, replications and their summary."""
