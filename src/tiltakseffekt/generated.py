"""The files of the project that are generated from its models and contracts; tests keep both equal."""

from pathlib import Path

from tiltakseffekt.cohorts.documents import covariate_table
from tiltakseffekt.config.documents import default_yaml, json_schema, settings_table
from tiltakseffekt.core.files import write_text
from tiltakseffekt.registers.contract import data_dictionary, load_contract


def generated_files(root: Path) -> dict[str, str]:
    """Return the content of every generated file, by its path below the root of the project."""
    return {
        "config/config.yaml": default_yaml(),
        "workflow/schemas/config.schema.json": json_schema(),
        "docs/settings.md": settings_table(),
        "docs/covariates.md": covariate_table(),
        "docs/data-dictionary.md": data_dictionary(load_contract(root / "config" / "registers.yaml")),
    }


def write_generated(root: Path) -> None:
    """Write every generated file below the root of the project."""
    for path, content in generated_files(root).items():
        write_text(root / path, content)
