"""Estimates beside what is known to be true; nothing reads this stage."""
