"""The arms of an evaluation: the controls, its measures, what collects small measures, and chains of two measures.

Which arms there are is data (``arms`` in ``config/evaluations/<name>/evaluation.yaml``); functions are handed them.
"""

from typing import Self

from pydantic import Field, model_validator

from tiltakseffekt.core import keys
from tiltakseffekt.core.settings import Settings


class Chain(Settings):
    """A measure that another follows."""

    key: str = Field(description="Key of the arm")
    first: str = Field(description="The first measure")
    second: str = Field(description="The measure that follows")


class Arms(Settings):
    """The arms of an evaluation, in the order in which readers see them.

    A measure is a group of ``config/codebook/tiltaksgruppering.csv``, which lists its codes; its words stand in
    the labels of the evaluation.
    """

    measures: tuple[str, ...] = Field((), description="Keys of the measures, in the order of figures and tables")
    not_valued: tuple[str, ...] = Field((), description="Measures that the cost-benefit analysis leaves out")
    small_groups: str = Field("annet", description="The arm that collects measures with few starters")
    chains: tuple[Chain, ...] = Field((), description="Chains that may be arms of their own")

    @model_validator(mode="after")
    def _arms_differ(self) -> Self:
        repeated = sorted({key for key in self.all if self.all.count(key) > 1})
        if repeated:
            raise ValueError(f"an arm stands twice, or has the key of the controls: {', '.join(repeated)}")
        named = {*self.not_valued, *(key for chain in self.chains for key in (chain.first, chain.second))}
        if unknown := sorted(named - set(self.measures)):
            raise ValueError(f"chains or not_valued name what is no measure of the evaluation: {', '.join(unknown)}")
        return self

    @property
    def control(self) -> str:
        """The arm of those who begin no measure."""
        return keys.CONTROL

    @property
    def valued(self) -> tuple[str, ...]:
        """The measures that the cost-benefit analysis covers."""
        return tuple(key for key in self.measures if key not in self.not_valued)

    @property
    def treated(self) -> tuple[str, ...]:
        """The measures, then what collects the small ones."""
        return (*self.measures, self.small_groups)

    @property
    def unchained(self) -> tuple[str, ...]:
        """The controls, then the treated, without chains."""
        return (self.control, *self.treated)

    @property
    def treated_or_chained(self) -> tuple[str, ...]:
        """The treated, then the chains."""
        return (*self.treated, *(chain.key for chain in self.chains))

    @property
    def all(self) -> tuple[str, ...]:
        """Every arm, controls first, chains last."""
        return (self.control, *self.treated_or_chained)

    @property
    def chain_of(self) -> dict[tuple[str, str], str]:
        """First and second measure to the chain that they are."""
        return {(chain.first, chain.second): chain.key for chain in self.chains}
