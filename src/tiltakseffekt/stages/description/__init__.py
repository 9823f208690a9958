"""Who registers with NAV, who takes part in measures, and what becomes of them: sums over persons."""
