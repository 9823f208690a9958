"""The configuration in three forms: the default file, its JSON schema, the table in the documentation."""

import json
import textwrap
from typing import Any

from pydantic import BaseModel

from tiltakseffekt.config.models import Configuration

_HEADER = """\
# The evaluation as it runs by default: small synthetic registers.
# Generated from the models in src/tiltakseffekt/*/settings.py by `make config`. Do not edit: write what differs into
# a file of your own and lay it over this one with `snakemake --configfile my-evaluation.yaml`.
"""


def default_yaml() -> str:
    """Return the default configuration as YAML in which every key carries its description."""
    return _HEADER + "".join(_yaml_lines(Configuration(), 0))


def _yaml_lines(settings: BaseModel, depth: int) -> list[str]:
    indent = "  " * depth
    lines: list[str] = []
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        comment = textwrap.wrap(field.description or "", 110 - len(indent))
        if depth == 0:
            lines.append("\n")
        lines += [f"{indent}# {line}\n" for line in comment]
        if isinstance(value, BaseModel):
            lines += [f"{indent}{name}:\n", *_yaml_lines(value, depth + 1)]
        else:
            # JSON is YAML, and quotes what YAML would read as something else (months, decimal marks).
            lines.append(f"{indent}{name}: {json.dumps(value, ensure_ascii=False)}\n")
    return lines


def json_schema() -> str:
    """Return the JSON schema of the configuration."""
    schema = Configuration.model_json_schema()
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def settings_table() -> str:
    """Return the documentation of every setting as a markdown table."""
    rows = "".join(
        f"| `{path}` | `{json.dumps(value)}` | {text} |\n" for path, value, text in _settings(Configuration())
    )
    return (
        "# Settings\n\nGenerated from the models by `make config`. Overlays and `--config` use the same keys.\n\n"
        f"| setting | default | meaning |\n|---|---|---|\n{rows}"
    )


def _settings(settings: BaseModel, prefix: str = "") -> list[tuple[str, Any, str]]:
    found: list[tuple[str, Any, str]] = []
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        if isinstance(value, BaseModel):
            found += _settings(value, f"{prefix}{name}.")
        else:
            found.append((prefix + name, value, field.description or ""))
    return found
