"""What the fitting of the synthetic registers reads from the project."""

from tiltakseffekt.cli.order import codebook_files, parameter_files
from tiltakseffekt.cli.place import MAIN, Place
from tiltakseffekt.config.evaluations import EVALUATIONS, load_evaluations
from tiltakseffekt.config.loading import load_configuration
from tiltakseffekt.core.codebook import read_codebooks
from tiltakseffekt.documents.calibration.choices import load_choices
from tiltakseffekt.documents.calibration.comparison import printed_targets, read_published
from tiltakseffekt.laboratory.fitting.numbers import DOCUMENT
from tiltakseffekt.laboratory.fitting.study import Study
from tiltakseffekt.synthetic.parameters import read_codebooks as read_simulation_codebooks
from tiltakseffekt.synthetic.parameters import read_parameters


def study_of(at: Place) -> Study:
    """Return what is fitted and what it is held against, as the project says."""
    configuration = load_configuration(at.config)[MAIN]
    published = [at.config / "documents" / DOCUMENT / "numbers.csv"]
    return Study(
        parameters=read_parameters(*parameter_files(at.config)),
        simulation=read_simulation_codebooks(*codebook_files(at.config)),
        codebooks=read_codebooks(sorted((at.config / "codebook").glob("*.csv"))),
        choices=load_choices(at.config / "documents"),
        targets=printed_targets(*read_published(published, at.config / "codebook" / "labels.csv")),
        arms=load_evaluations(at.config / EVALUATIONS)[MAIN.partition("/")[0]].arms,
        description=configuration.description,
        cohorts=configuration.cohorts,
        panel=configuration.panel,
    )
