"""The files of the project that are generated from its models and contracts; tests keep both equal."""

from pathlib import Path

from tiltakseffekt.cli.tables import TABLES
from tiltakseffekt.config.covariates_documentation import covariate_table
from tiltakseffekt.config.dictionary.markdown import markdown
from tiltakseffekt.config.dictionary.model import Dictionary, build_dictionary
from tiltakseffekt.config.dictionary.page import page
from tiltakseffekt.config.documentation import default_yaml, json_schema, settings_table
from tiltakseffekt.config.errors_documentation import with_faults
from tiltakseffekt.config.evaluations import all_labels
from tiltakseffekt.config.tables_documentation import tables_document
from tiltakseffekt.core.codebook import read_codebooks
from tiltakseffekt.core.files import read_json
from tiltakseffekt.laboratory.study.document import PROVENANCE, SUMMARY, with_results
from tiltakseffekt.stages.registers.contract import load_contract


def generated_files(root: Path) -> dict[str, str]:
    """Return the content of every generated file, by its path below the root of the project."""
    dictionary = _dictionary(root / "config")
    return {
        "config/config.yaml": default_yaml(),
        "workflow/schemas/config.schema.json": json_schema(),
        "docs/settings.md": settings_table(),
        "docs/covariates.md": covariate_table(),
        "docs/tables.md": tables_document(TABLES),
        "docs/data-dictionary.md": markdown(dictionary),
        "docs/data-dictionary.html": page(dictionary),
        "docs/errors.md": with_faults(
            (root / "docs" / "errors.md").read_text(encoding="utf-8"), root / "src" / "tiltakseffekt"
        ),
        "docs/estimator-study.md": with_results(
            (root / "docs" / "estimator-study.md").read_text(encoding="utf-8"),
            (root / SUMMARY).read_text(encoding="utf-8"),
            read_json(root / PROVENANCE),
        ),
    }


def _dictionary(config: Path) -> Dictionary:
    codebooks = read_codebooks(sorted((config / "codebook").glob("*.csv")))
    return build_dictionary(load_contract(config / "registers.yaml"), codebooks, all_labels(config, "en"))
