"""The arms of the project's first evaluation, for tests of whatever is handed arms."""

from pathlib import Path

from tiltakseffekt.config.evaluations import load_evaluations

ARMS = load_evaluations(Path(__file__).parents[1] / "config" / "evaluations")["tiltakseffekter"].arms
