"""The command `tiltak`: one module for each command.

What takes long to load is imported by the commands that need it, so that the others start at once.
"""

from tiltakseffekt.cli.app import main

__all__ = ["main"]
