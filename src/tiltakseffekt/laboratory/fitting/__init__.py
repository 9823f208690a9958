"""Fit the parameters of the synthetic registers to the printed numbers: simulate, measure, move, and again."""
