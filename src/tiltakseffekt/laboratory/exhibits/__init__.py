"""Builders of the exhibits about the estimator and the truth."""
