"""The whole configuration, composed of the settings of the stages."""

from pydantic import Field

from tiltakseffekt.core.settings import Settings
from tiltakseffekt.stages.allocation.settings import AllocationSettings
from tiltakseffekt.stages.clean.settings import CleanSettings
from tiltakseffekt.stages.cohorts.settings import CohortSettings
from tiltakseffekt.stages.description.settings import DescriptionSettings
from tiltakseffekt.stages.effects.settings import EffectSettings
from tiltakseffekt.stages.export.settings import DisclosureSettings
from tiltakseffekt.stages.heterogeneity.settings import HeterogeneitySettings
from tiltakseffekt.stages.manuscript.settings import ReportSettings
from tiltakseffekt.stages.matching.settings import MatchingSettings
from tiltakseffekt.stages.panel.settings import PanelSettings
from tiltakseffekt.synthetic.settings import SyntheticRegisterSettings


class Configuration(Settings):
    """The evaluation as it runs."""

    seed: int = Field(20170701, ge=0, description="Seed of the run; every use of randomness derives its own from it")
    registers: SyntheticRegisterSettings = Field(
        default_factory=SyntheticRegisterSettings, description="Where the registers come from"
    )
    clean: CleanSettings = Field(default_factory=CleanSettings, description="Cleaning of the registers")
    panel: PanelSettings = Field(default_factory=PanelSettings, description="The person-month panel")
    cohorts: CohortSettings = Field(default_factory=CohortSettings, description="The effect sample")
    description: DescriptionSettings = Field(
        default_factory=DescriptionSettings, description="Registered persons and measures"
    )
    matching: MatchingSettings = Field(default_factory=MatchingSettings, description="Pseudo-starts and nuisances")
    effects: EffectSettings = Field(default_factory=EffectSettings, description="Average effects")
    heterogeneity: HeterogeneitySettings = Field(default_factory=HeterogeneitySettings, description="Effects by group")
    allocation: AllocationSettings = Field(default_factory=AllocationSettings, description="Who might be offered what")
    export: DisclosureSettings = Field(default_factory=DisclosureSettings, description="Disclosure control")
    manuscript: ReportSettings = Field(default_factory=ReportSettings, description="The report")
