"""Loading: default file, overlays and variants become checked configurations, all faults reported at once."""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import BaseModel, Field, ValidationError
from pydantic_core import ErrorDetails

from tiltakseffekt.config.evaluations import EVALUATIONS, load_evaluations
from tiltakseffekt.config.models import Configuration
from tiltakseffekt.core.errors import ConfigurationError
from tiltakseffekt.core.settings import Settings
from tiltakseffekt.core.yaml_files import parse_yaml

#: The file of the variants of an evaluation.
VARIANTS: Final = "variants.yaml"
#: The main variant of each evaluation.
MAIN: Final = "main"
#: The key of the configuration that belongs to no evaluation.
BASE: Final = "base"
#: Sections that decide what all evaluations share, or how all reports are made.
SHARED_SECTIONS: Final = ("seed", "registers", "clean", "panel", "export", "manuscript")


class Variant(Settings):
    """A robustness analysis as named overrides of the main specification."""

    meaning: str
    source: str
    overrides: dict[str, Any] = Field(default_factory=dict)


def merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return `base` with the values of `over` laid over it, section by section."""
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        merged[key] = merge(below, value) if isinstance(value, Mapping) and isinstance(below, Mapping) else value
    return merged


def _model_at(path: tuple[str, ...]) -> type[BaseModel] | None:
    model: type[BaseModel] = Configuration
    for key in path:
        field = model.model_fields.get(key)
        if field is None or not isinstance(field.annotation, type) or not issubclass(field.annotation, BaseModel):
            return None
        model = field.annotation
    return model


def _block(path: tuple[str, ...], value: Any) -> str:
    nested: Any = value
    for key in reversed(path):
        nested = {key: nested}
    text = yaml.safe_dump(nested, allow_unicode=True, sort_keys=False)
    return "\n".join("    " + line for line in text.splitlines())


def _default_at(path: tuple[str, ...]) -> Any:
    value: Any = Configuration().model_dump(mode="json")
    for key in path:
        value = value[key]
    return value


def _describe(error: ErrorDetails, origin: str) -> str:
    path = tuple(str(part) for part in error["loc"])
    where = f"{origin}: {'.'.join(path)}"
    if error["type"] == "extra_forbidden":
        model = _model_at(path[:-1])
        allowed = list(model.model_fields) if model else []
        near = difflib.get_close_matches(path[-1], allowed, n=1)
        lines = [f"{where} is not a setting.", f"  allowed here: {', '.join(allowed)}"]
        if near:
            right = (*path[:-1], near[0])
            lines += [f"  did you mean {'.'.join(right)}? Paste:", _block(right, error["input"])]
        return "\n".join(lines)
    while path and (model := _model_at(path[:-1])) is not None and path[-1] not in model.model_fields:
        path = path[:-1]
    while path and _model_at(path[:-1]) is None:
        path = path[:-1]
    lines = [f"{where} = {error['input']!r}", f"  what is allowed: {error['msg']}"]
    if path:
        lines += ["  the default, to paste:", _block(path, _default_at(path))]
    return "\n".join(lines)


def _check(content: Mapping[str, Any], origin: str) -> tuple[Configuration | None, list[str]]:
    try:
        return Configuration.model_validate(content), []
    except ValidationError as error:
        return None, [_describe(details, origin) for details in error.errors()]


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML file that holds a mapping.

    Raises
    ------
    ConfigurationError
        If the file is missing, is not YAML or holds no mapping.
    """
    try:
        content = parse_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError([f"{path.name}: the file is missing"]) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" at line {mark.line + 1}" if mark else ""
        raise ConfigurationError([f"{path.name}: not valid YAML{line}; check indentation and colons"]) from None
    if not isinstance(content or {}, dict):
        raise ConfigurationError([f"{path.name}: a mapping of settings is expected"])
    return content or {}


def _overrides(folder: Path, evaluation: str) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Return the settings that each variant of an evaluation lays over the others, and what is wrong with the file."""
    path = folder / EVALUATIONS / evaluation / VARIANTS
    found: dict[str, dict[str, Any]] = {}
    problems: list[str] = []
    for name, entry in read_yaml(path).items():
        try:
            found[name] = Variant.model_validate(entry).overrides
        except ValidationError as error:
            origin = f"{evaluation}/{VARIANTS}: {name}"
            problems += [f"{origin}: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
    if MAIN not in found and not problems:
        problems.append(f"{evaluation}/{VARIANTS}: {MAIN}: the main specification is missing")
    shared = {
        f"{evaluation}/{VARIANTS}: {name}: {section} is shared by all evaluations; set it in config.yaml or an overlay"
        for name, overrides in found.items()
        for section in overrides
        if section in SHARED_SECTIONS
    }
    return found, problems + sorted(shared)


def load_configuration(folder: Path, overrides: Mapping[str, Any] | None = None) -> dict[str, Configuration]:
    """Load the configuration of every variant of every evaluation.

    What the main variant of an evaluation sets holds for its other variants too. Overlays come over that, and the
    overrides of a variant over all.

    Parameters
    ----------
    folder
        Folder with ``config.yaml`` and ``evaluations/<name>/variants.yaml``.
    overrides
        Settings laid over ``config.yaml`` (overlay files and command line).

    Returns
    -------
    dict
        Variant (``tiltakseffekter/main``) to its configuration. Under `BASE` stands what belongs to no evaluation:
        registers, cleaning, panel. An evaluation that reads another has the variants of that.

    Raises
    ------
    ConfigurationError
        With every fault of the base and of all variants.
    """
    defaults = read_yaml(folder / "config.yaml")
    base, problems = _check(merge(defaults, overrides or {}), "configuration")
    if base is None:
        raise ConfigurationError(problems)
    configurations = {BASE: base}
    evaluations = load_evaluations(folder / EVALUATIONS)
    for evaluation in (name for name, one in evaluations.items() if not one.reads):
        variants, found = _overrides(folder, evaluation)
        problems += found
        main = merge(merge(defaults, variants.pop(MAIN, {})), overrides or {})
        for name, own in {MAIN: {}, **variants}.items():
            configuration, found = _check(merge(main, own), f"{evaluation}/{VARIANTS}: {name}")
            problems += found
            if configuration is not None:
                configurations[f"{evaluation}/{name}"] = configuration
    if problems:
        raise ConfigurationError(problems)
    return configurations | _as_read(
        configurations, {name: one.reads for name, one in evaluations.items() if one.reads}
    )


def _as_read(configurations: Mapping[str, Configuration], reads: Mapping[str, str]) -> dict[str, Configuration]:
    """Return the variants of evaluations that read another: those of the other, under their own name."""
    return {
        f"{name}/{variant.partition('/')[2]}": configuration
        for name, other in reads.items()
        for variant, configuration in configurations.items()
        if variant.partition("/")[0] == other
    }


def setting_at(configurations: Mapping[str, Configuration], path: str, variant: str = BASE) -> Any:
    """Return the setting at a dotted path, as plain values, of a variant or of the one that the path names after an @.

    Parameters
    ----------
    configurations
        What `load_configuration` returned.
    path
        ``cohorts.washout_months`` or ``cohorts.washout_months@aft_sample``, a variant of the same evaluation.
    variant
        The variant when the path names none, with its evaluation.
    """
    dotted, _, named = path.partition("@")
    chosen = f"{variant.partition('/')[0]}/{named}" if named else variant
    value: Any = configurations[chosen].model_dump(mode="json")
    for key in dotted.split("."):
        value = value[key]
    return value
