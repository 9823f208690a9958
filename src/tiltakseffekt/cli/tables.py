"""Every table between two stages, by the part of the program that writes it."""

from collections.abc import Mapping, Sequence
from typing import Final

from tiltakseffekt.core.tables import TableSchema
from tiltakseffekt.documents import schemas as documents
from tiltakseffekt.laboratory import schemas as laboratory
from tiltakseffekt.stages.allocation import schemas as allocation
from tiltakseffekt.stages.clean import schemas as clean
from tiltakseffekt.stages.cohorts import schemas as cohorts
from tiltakseffekt.stages.cost_benefit import schemas as cost_benefit
from tiltakseffekt.stages.description import schemas as description
from tiltakseffekt.stages.effects import schemas as effects
from tiltakseffekt.stages.heterogeneity import schemas as heterogeneity
from tiltakseffekt.stages.matching import schemas as matching
from tiltakseffekt.stages.panel import schemas as panel
from tiltakseffekt.synthetic import schemas as synthetic

#: Title of each part to its tables, in the order of the stages.
TABLES: Final[Mapping[str, Sequence[TableSchema]]] = {
    "Cleaning": clean.ALL,
    "Person-months": panel.ALL,
    "Cohorts": cohorts.ALL,
    "Description": description.ALL,
    "Matching": matching.ALL,
    "Effects": effects.ALL,
    "Heterogeneity": heterogeneity.ALL,
    "Cost-benefit": cost_benefit.ALL,
    "Allocation": allocation.ALL,
    "Made-up registers": synthetic.ALL,
    "Documents": documents.ALL,
    "Laboratory": laboratory.ALL,
}
