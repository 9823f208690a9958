"""What a fit takes as given: all parameters but the fitted ones, code books, choices and settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from tiltakseffekt.core.arms import Arms
from tiltakseffekt.core.codebook import Codebooks, base_amounts, consumer_prices, measure_groups
from tiltakseffekt.documents.calibration.choices import Choices
from tiltakseffekt.stages.cohorts.settings import CohortSettings
from tiltakseffekt.stages.description.settings import DescriptionSettings
from tiltakseffekt.stages.panel.months import calendar
from tiltakseffekt.stages.panel.settings import PanelSettings
from tiltakseffekt.synthetic.parameters import Codebooks as SimulationCodebooks
from tiltakseffekt.synthetic.parameters import Fitted, Parameters


@dataclass(frozen=True)
class Study:
    """The world in which parameters are fitted.

    Parameters
    ----------
    parameters
        Of the simulation; its fitted part is where the fit starts.
    simulation
        What the simulation takes from the code books.
    codebooks
        All code books, as text.
    choices
        How printed numbers are compared, and which are left out.
    targets
        What `printed_targets` returned.
    arms
        The arms of the evaluation that the report stands for.
    description, cohorts, panel
        Settings of what is measured, of the effect sample and of the panel.
    """

    parameters: Parameters
    simulation: SimulationCodebooks
    codebooks: Codebooks
    choices: Choices
    targets: pd.DataFrame
    arms: Arms
    description: DescriptionSettings
    cohorts: CohortSettings
    panel: PanelSettings

    def under(self, fitted: Fitted) -> Parameters:
        """Return all parameters with other fitted ones."""
        return self.parameters.model_copy(update={"fitted": fitted})

    @cached_property
    def months(self) -> pd.DataFrame:
        """Basic amount and prices of the months of the panel."""
        return calendar(self.panel, consumer_prices(self.codebooks), base_amounts(self.codebooks))

    @cached_property
    def groups_of_codes(self) -> Mapping[str, str]:
        """Measure group of each Arena code."""
        return measure_groups(self.codebooks)
