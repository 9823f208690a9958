"""Keys that every stage shares: arms, outcomes, groups, in the order in which readers see them.

Keys are the ascii keys of ``config/codebook/labels.csv``; the words that readers see stand in the labels.
"""

from collections.abc import Iterable, Mapping
from typing import Final

CONTROL: Final = "ikke_tiltak"
OTHER_MEASURES: Final = "annet"

#: The ten measures of the effect analysis (effektrapport_2024 Tabell 6-3), then the collection of small groups.
MEASURES: Final = (
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
)
TREATED_ARMS: Final = (*MEASURES, OTHER_MEASURES)

#: Longest follow-up of any analysis, years: that of those registered in 2016 and 2017 (effektrapport_2024
#: l. 2601-2604).
LONGEST_FOLLOW_UP_YEARS: Final = 4
ALL_MONTHS_IN_WORK: Final = tuple(f"months_in_work_y{year}" for year in range(1, LONGEST_FOLLOW_UP_YEARS + 1))
ALL_WAGE_INCOME: Final = tuple(f"wage_income_y{year}" for year in range(1, LONGEST_FOLLOW_UP_YEARS + 1))
ALL_IN_WORK: Final = tuple(f"in_work_m{t:02d}" for t in range(1, 12 * LONGEST_FOLLOW_UP_YEARS + 1))
ALL_YEARLY_OUTCOMES: Final = (*ALL_MONTHS_IN_WORK, *ALL_WAGE_INCOME)
ALL_OUTCOMES: Final = (*ALL_YEARLY_OUTCOMES, *ALL_IN_WORK)
#: Sums over the years followed, by key, to the outcomes that are summed.
TOTALS: Final[Mapping[str, tuple[str, ...]]] = {
    "months_in_work_total": ALL_MONTHS_IN_WORK,
    "wage_income_total": ALL_WAGE_INCOME,
}

#: Follow-up of the main analysis and of the planted truth; t = 1 is the month after the (pseudo-)start month
#: (effektrapport_2024 l. 2219-2220).
FOLLOW_UP_YEARS: Final = 3
FOLLOW_UP_MONTHS: Final = 12 * FOLLOW_UP_YEARS
MONTHS_IN_WORK: Final = ALL_MONTHS_IN_WORK[:FOLLOW_UP_YEARS]
WAGE_INCOME: Final = ALL_WAGE_INCOME[:FOLLOW_UP_YEARS]
IN_WORK: Final = ALL_IN_WORK[:FOLLOW_UP_MONTHS]
YEARLY_OUTCOMES: Final = (*MONTHS_IN_WORK, *WAGE_INCOME)
OUTCOMES: Final = (*YEARLY_OUTCOMES, *IN_WORK)

NAV_GROUPS: Final = (
    "standard",
    "situasjonsbestemt",
    "spesielt_tilpasset",
    "varig_tilpasset",
    "sykmeldt",
    "annen_gruppe",
)
#: The state of a person who is in no NAV group.
NOT_REGISTERED: Final = "ikke_registrert"
#: The groups through which one enters the effect sample (effektrapport_2024 l. 2154-2156).
ENTRY_GROUPS: Final = NAV_GROUPS[:3]
#: The four innsatsgrupper proper; sykmeldt and annen_gruppe are NAV groups but no innsatsgruppe.
INNSATSGRUPPER: Final = NAV_GROUPS[:4]
#: Groups to which standardinnsats must change (effektrapport_2024 l. 2157-2160).
CLOSER_FOLLOW_UP: Final = ("situasjonsbestemt", "spesielt_tilpasset")
#: Groups of those with reduced work capacity (effektrapport_2024 l. 2758, footnote 11).
REDUCED_CAPACITY: Final = ("spesielt_tilpasset", "varig_tilpasset")

SEXES: Final = ("mann", "kvinne")
AGE_GROUPS: Final = (
    "alder_under_20",
    "alder_20_29",
    "alder_30_39",
    "alder_40_49",
    "alder_50_59",
    "alder_60_over",
)
LANDGRUPPER: Final = ("ikke_innvandrer", "lg1", "lg2", "lg3")
EDUCATION_GROUPS: Final = (
    "ingen_uoppgitt",
    "grunnskole",
    "vgs_studieforberedende",
    "vgs_yrkesfaglig",
    "vgs_annen",
    "hoyere_utdanning",
)
LEDIGHETSKATEGORIER: Final = ("i_arbeid", "i_arbeid_siste_5_mnd", "uten_arbeid_6_mnd")
#: Characteristics of Tabell B-4 to B-6 and their groups, in the order of the rows.
CHARACTERISTICS: Final[Mapping[str, tuple[str, ...]]] = {
    "innsatsgruppe": ENTRY_GROUPS,
    "sex": SEXES,
    "age_group": AGE_GROUPS,
    "landgruppe": LANDGRUPPER,
    "education": EDUCATION_GROUPS,
    "ledighetskategori": LEDIGHETSKATEGORIER,
}
#: Rules of overlap that are compared: as configured but nobody left out, a higher floor, four rules of trimming.
OVERLAP_RULES: Final = ("none", "clip", "fixed", "crump", "common_support", "pairwise_support")
#: Allocations that are compared; all but today's are made up.
POLICIES: Final = ("today", "nobody", "best_single", "tree", "tree_capacity", "persons_capacity")
#: Target of a prediction that is no outcome: who is in the arm.
PARTICIPATION: Final = "participation"
#: Months since first registration at which the group is noted (Figur 4-3, lines 1081-1086).
PATH_MONTHS: Final = (0, 6, 12, 18)
#: Width of the classes of wages that are shown, kroner a month at 2022 prices; chosen.
WAGE_CLASS: Final = 5_000
BENEFITS: Final = (
    "aap",
    "dagpenger",
    "tiltakspenger",
    "sosialhjelp",
    "sykepenger",
    "kvalifiseringsstonad",
    "introduksjonsstonad",
)


def propensity_column(arm: str) -> str:
    """Return the column that holds the propensity of an arm."""
    return f"propensity__{arm}"


def arms_of(propensities: Iterable[object]) -> tuple[str, ...]:
    """Return the arms among columns of propensities, in the order of the columns."""
    prefix = propensity_column("")
    return tuple(name.removeprefix(prefix) for name in map(str, propensities) if name.startswith(prefix))


def prediction_column(arm: str, outcome: str) -> str:
    """Return the column that holds the predicted outcome under an arm."""
    return f"predicted__{arm}__{outcome}"


def score_column(arm: str, outcome: str) -> str:
    """Return the column that holds the doubly robust score of the potential outcome under an arm."""
    return f"score__{arm}__{outcome}"
