"""Builders of exhibits: tables of the stages in, tidy data out."""
