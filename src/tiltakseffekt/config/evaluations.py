"""The evaluations of the project: the folders of ``config/evaluations`` that say what they are."""

from pathlib import Path
from typing import Final

from pydantic import Field, ValidationError

from tiltakseffekt.core.arms import Arms
from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.core.settings import Settings
from tiltakseffekt.core.yaml_files import read_yaml
from tiltakseffekt.stages.exhibits.catalogue import AnyEntry, load_catalogue
from tiltakseffekt.stages.exhibits.words import Labels, load_labels

#: Where the evaluations stand in the folder of the configuration.
EVALUATIONS: Final = "evaluations"

_FILE: Final = "evaluation.yaml"


class Evaluation(Settings):
    """What an evaluation is."""

    title: str = Field(description="Title of its report")
    document: str | None = Field(None, description="The printed report whose method it follows, if there is one")
    reads: str | None = Field(None, description="The evaluation whose tables it shows, when it has none of its own")
    arms: Arms = Field(default_factory=Arms, description="Its arms; none where nothing is estimated")


def evaluation_names(folder: Path) -> tuple[str, ...]:
    """Return the names of the evaluations in a folder, sorted: those of the folders with ``evaluation.yaml``."""
    return tuple(sorted(path.parent.name for path in folder.glob(f"*/{_FILE}")))


def load_evaluations(folder: Path) -> dict[str, Evaluation]:
    """Read what each evaluation is.

    Parameters
    ----------
    folder
        ``config/evaluations``.

    Raises
    ------
    FaultsFound
        With every unknown, missing or wrong entry of all of them.

    Notes
    -----
    One that reads another has the arms of that.
    """
    found: dict[str, Evaluation] = {}
    faults: list[Fault] = []
    for name in evaluation_names(folder):
        try:
            found[name] = Evaluation.model_validate(read_yaml(folder / name / _FILE))
        except ValidationError as error:
            faults += [
                Fault(f"{name}/{_FILE}", ".".join(map(str, e["loc"])), e["msg"], 1, "Mend the entry.")
                for e in error.errors()
            ]
    faults += [
        Fault(f"{name}/{_FILE}", "reads", f"there is no evaluation {one.reads}", 1, "Correct the name.")
        for name, one in found.items()
        if one.reads and one.reads not in found
    ]
    if faults:
        raise FaultsFound(faults)
    return {
        name: one.model_copy(update={"arms": found[one.reads].arms}) if one.reads else one
        for name, one in found.items()
    }


def all_exhibits(folder: Path) -> dict[str, AnyEntry]:
    """Return the catalogue entries of all evaluations, by evaluation and id as in ``tiltakseffekter/frafall``."""
    return {
        f"{name}/{entry.id}": entry
        for name in evaluation_names(folder)
        for entry in load_catalogue(folder / name / "exhibits.yaml")
    }


def all_labels(config: Path, language: str) -> dict[str, Labels]:
    """Return the words of one language for each evaluation in the folder of the configuration."""
    evaluations = load_evaluations(config / EVALUATIONS)
    return load_labels(config, language, {name: evaluation.reads for name, evaluation in evaluations.items()})
