"""The data dictionary of the registers: one model of it, written as markdown and as a page."""
