"""The permanent wage subsidy: its rules of tax and benefits, and its alternatives."""
