"""The audit of printed tables: which cells follow from which, within what their rounding allows."""
