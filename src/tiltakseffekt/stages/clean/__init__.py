"""Cleaning: register rows are kept or set aside with a reason, and counted."""
