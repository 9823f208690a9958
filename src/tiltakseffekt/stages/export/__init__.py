"""The gate: disclosure control of every exhibit before it leaves the protected area."""
