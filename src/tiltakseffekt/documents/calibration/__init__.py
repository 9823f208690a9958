"""The calibration report: printed numbers that the synthetic registers must carry, beside what they give."""
