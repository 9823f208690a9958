"""The measures of effektrapport_2024, whatever an evaluation of today has."""

from typing import Final

from tiltakseffekt.core.arms import Arms

#: Tabell 6-3, and lines 3031-3041 on what is not valued.
ARMS: Final = Arms(
    measures=(
        "aft",
        "amo",
        "arbeidsrettet_rehab",
        "arbeidstrening",
        "avklaring",
        "jobbklubb",
        "midl_lonnstilskudd",
        "oppfolging",
        "utdanning",
        "utvidet_oppfolging",
    ),
    not_valued=("avklaring",),
    small_groups="annet",
)
MEASURES: Final = ARMS.measures
COST_BENEFIT_MEASURES: Final = ARMS.valued
