"""Options by short names: each is a setting of the evaluation, with its default, its limits and its words."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, NamedTuple

from pydantic import Field, ValidationError

from tiltakseffekt.core.errors import Fault
from tiltakseffekt.core.settings import Settings
from tiltakseffekt.stages.effects.settings import EffectSettings
from tiltakseffekt.stages.matching.settings import MatchingSettings


class Plan(Settings):
    """How effects are estimated: the settings of the evaluation, and what a data frame of one's own needs besides."""

    matching: MatchingSettings = Field(default_factory=MatchingSettings, description="Nuisance functions")
    effects: EffectSettings = Field(default_factory=EffectSettings, description="Weights and intervals")
    seed: int = Field(1, ge=0, description="Seed of all that is drawn; chosen: any will do")
    threads: int = Field(1, ge=1, description="Threads; the results are the same for any number")
    missing: Literal["refuse", "drop"] = Field(
        "refuse",
        description="Rows with a missing value in a column that is used: refuse = an error that counts them; drop = "
        "they are left out and counted; chosen: nobody is left out unasked",
    )


#: Where each option stands in the plan.
PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "learner": ("matching", "nuisance"),
    "folds": ("matching", "folds"),
    "repetitions": ("matching", "repetitions"),
    "trees": ("matching", "forest", "trees"),
    "trim": ("matching", "overlap", "trim"),
    "trim_below": ("matching", "overlap", "trim_below"),
    "clip": ("matching", "overlap", "clip"),
    "weights": ("effects", "weights"),
    "normalise": ("effects", "normalise"),
    "confidence": ("effects", "confidence"),
    "draws": ("effects", "bootstrap", "draws"),
    "missing": ("missing",),
    "seed": ("seed",),
    "threads": ("threads",),
}


class ReadOptions(NamedTuple):
    """The plan that options make, or the defaults where there are faults."""

    plan: Plan
    faults: tuple[Fault, ...]


def read_options(options: Mapping[str, object]) -> ReadOptions:
    """Lay options over the defaults; faults name option and rule, never what was given."""
    known = "Choose among " + ", ".join(PLACES) + "."
    faults = [Fault("options", name, "there is no such option", 1, known) for name in options if name not in PLACES]
    nested: dict[str, Any] = {}
    for name, value in options.items():
        if name in PLACES:
            *path, last = PLACES[name]
            inner = nested
            for step in path:
                inner = inner.setdefault(step, {})
            inner[last] = value
    try:
        plan = Plan.model_validate(nested)
    except ValidationError as error:
        plan = Plan()
        faults += _validation_faults(error)
    return ReadOptions(plan, tuple(faults))


def option_values(plan: Plan) -> dict[str, object]:
    """Return the value of each option in a plan."""
    return {name: _at(plan, path) for name, path in PLACES.items()}


def _validation_faults(error: ValidationError) -> Iterator[Fault]:
    names = {path: name for name, path in PLACES.items()}
    for each in error.errors(include_input=False, include_context=False, include_url=False):
        path = tuple(map(str, each["loc"]))
        name = names.get(path, ".".join(path))
        remedy = f"{_described(path)}; the default is {_at(Plan(), path)}."
        yield Fault("options", name, each["msg"][0].lower() + each["msg"][1:], 1, remedy)


def _described(path: tuple[str, ...]) -> str:
    model: Any = Plan
    for step in path[:-1]:
        model = model.model_fields[step].annotation
    return str(model.model_fields[path[-1]].description)


def _at(plan: Plan, path: tuple[str, ...]) -> object:
    value: Any = plan.model_dump()
    for step in path:
        value = value[step]
    return value
