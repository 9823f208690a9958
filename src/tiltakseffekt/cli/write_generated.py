"""The command ``tiltak write-generated``."""

import typer

from tiltakseffekt.cli.place import place


def write_generated(context: typer.Context) -> None:
    """Write what is generated from the models.

    The default configuration, its schema, and the documentation of both, of tables, covariates and registers.
    """
    from tiltakseffekt.cli.generated import generated_files
    from tiltakseffekt.core.files import write_text

    root = place(context).root
    for path, content in generated_files(root).items():
        write_text(root / path, content)
    print("Written.")
