"""Defects as in real extracts, planted in synthetic registers on request, and the ledger of what was broken."""
