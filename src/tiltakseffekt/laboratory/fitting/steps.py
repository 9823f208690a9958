"""Which parameter is moved by which printed number.

A step says: where the registers have too little of these numbers, this parameter is to be so much larger. Numbers are
not those of one parameter alone: what moves much else beside takes a careful step (its power and limit). Bounds keep a
parameter where it still means what it is called; they are chosen and hold the fit back only where the registers cannot
give a printed number.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, product
from typing import Final

from tiltakseffekt.core import keys
from tiltakseffekt.laboratory.fitting.moves import BOLD, CAREFUL, FEW, Bounds, Lack, Place, Step, lack
from tiltakseffekt.laboratory.fitting.numbers import Cell, starters
from tiltakseffekt.synthetic.parameters import WAITED, WITHOUT_WORK, Fitted, Parameters
from tiltakseffekt.synthetic.rulebook import WINDOW

STANDARD, SITUATION, REDUCED, PERMANENT, SICK, OTHER = keys.NAV_GROUPS

#: Shares in per cent, of which none dies out: what is gone cannot come back by factors.
_SHARE: Final[Bounds] = (0.001, 100.0)
#: Proportions that are brought to the sum 100 afterwards.
_WEIGHT: Final[Bounds] = (1e-9, 1e9)
#: From half a million to four: the delivered population is about twice the 922 603 of 2016-2020.
_PERSONS: Final[Bounds] = (500_000, 4_000_000)
#: Factors on a rate, whose own level stands elsewhere: a fifth to four or five times, so that a group stays alive.
_FACTOR: Final[Bounds] = (0.2, 4.0)
_LENGTH: Final[Bounds] = (0.1, 10.0)
#: Logarithms of odds: one in a hundred thousand, and as good as all.
_LOG_ODDS: Final[Bounds] = (-12.0, 12.0)
_TILT: Final[Bounds] = (-0.2, 1.0)
#: Least monthly probability of what does happen.
_RARE: Final = 1e-6

# Most that a monthly probability may be. Leaving: half of the short registrations, a third or a tenth of those that
# last for years by the rules of their group.
_LEAVE: Final[Mapping[str, Bounds]] = {
    STANDARD: (_RARE, 0.5),
    SITUATION: (_RARE, 0.5),
    REDUCED: (_RARE, 0.3),
    PERMANENT: (0.001, 0.1),
    SICK: (_RARE, 0.3),
    OTHER: (_RARE, 0.5),
}
# Registering: rare while in work, common when a job was lost.
_REGISTER: Final = {"register_work": (_RARE, 0.03), "register_lost": (_RARE, 0.6), "register_idle": (_RARE, 0.1)}
# Change of group: the rarer the harder the group is to come by.
_TO_SITUATION: Final[Bounds] = (_RARE, 0.2)
_TO_REDUCED: Final[Bounds] = (_RARE, 0.1)
_TO_PERMANENT: Final[Bounds] = (_RARE, 0.03)
_REGISTERS_SICK: Final[Bounds] = (0.02, 0.7)
# Starting a later measure: first ones are planned, so the early months must leave them room.
_LATER: Final[Bounds] = (_RARE, 0.1)
_LATER_EARLY: Final[Bounds] = (_RARE, 0.15)
_LATER_SECOND_YEAR: Final[Bounds] = (_RARE, 0.4)
_LATER_AFTER: Final[Bounds] = (_RARE, 0.3)
_LATER_WORK: Final[Bounds] = (0.05, 2.5)
_LATER_AGE: Final[Bounds] = (0.05, 4.0)
_SWITCHES: Final[Bounds] = (_RARE, 0.9)
# Work: nobody's next month is certain, either way.
_FIND: Final[Bounds] = (0.002, 0.6)
_FIND_AFTER: Final[Bounds] = (0.001, 0.6)
_FIND_GAP: Final[Bounds] = (0.15, 2.0)
_LOSE: Final[Bounds] = (0.004, 0.2)
_NOTICE: Final[Bounds] = (0.005, 0.3)
_DISABLED: Final[Bounds] = (0.5, 5.0)
_FOLLOWED: Final[Bounds] = (1.0, 95.0)
_TILTAKSPENGER: Final[Bounds] = (0.2, 100.0)
_BESIDE: Final[Bounds] = (0.001, 0.5)
_BESIDE_UNPRINTED: Final[Bounds] = (0.001, 0.3)

#: Part of the starters of Annet in Tabell 6-3 that come from the measures called so; the rest are those of IPS,
#: helsemessig utredning and groups that are too small, which the table counts with them.
_ANNET_ITSELF: Final = 0.6

_MOVES: Final = ("moves_first_year", "moves_later")
_REGISTRATION_RATES: Final = {"register_work": "i_arbeid", "register_lost": "i_arbeid_siste_5_mnd"}
_BLOCKS: Final = {
    "age": ("gruppe_alder", keys.AGE_GROUPS),
    "landgruppe": ("gruppe_innvandring", keys.LANDGRUPPER),
    "education": ("gruppe_utdanning", keys.EDUCATION_GROUPS),
}
_SEX: Final = ("gruppe_kjonn", keys.SEXES)
#: Of first registrations and of all months registered, how much each moves who comes in by a group. Few first register
#: in the groups of reduced work capacity, but many months are theirs; the others are seen at the door.
_ENTRY_WEIGHTS: Final = {
    STANDARD: (1.0, 0.1),
    SITUATION: (0.4, 0.2),
    REDUCED: (0.1, 1.0),
    PERMANENT: (0.1, 1.0),
    SICK: (1.0, 0.1),
    OTHER: (1.0, 0.1),
}
#: Groups in which measures are started other than as planned first ones; hardly anyone does in varig tilpasset.
_STARTING: Final = (STANDARD, SITUATION, REDUCED, SICK, OTHER)
#: Months registered from which the bands of later starts begin: those of the first year, and those that Tabell 6-1
#: tells of.
_BANDS: Final = (0, *WAITED)
_FIRST_YEAR: Final = _BANDS[:3]


def registered(block: str, row: str, column: str = "alle_registrerte") -> Cell:
    """Return a share of Tabell 4-2: of first registrations or of all months registered."""
    return Cell("tabell-4-2", block, row, column)


def started(block: str, row: str, column: str = "alle_oppstartede_tiltak") -> Cell:
    """Return a share of Tabell 4-4: of all, first or other starts."""
    return Cell("tabell-4-4", block, row, column)


def _first(block: str, row: str) -> Cell:
    return registered(block, row, "forste_registrering")


def stock(group: str, weight: float = 1.0) -> tuple[Lack, ...]:
    """Return what months registered in a NAV group lack: its share and the months of all."""
    total = Cell("tabell-4-2", "", "n", "alle_registrerte", "person_months")
    return lack(registered("gruppe_innsats", group), weight), lack(total, weight)


def _relative_stock(group: str, weight: float = 1.0) -> tuple[Lack, ...]:
    """Return what months in a group lack beside those in standard."""
    one, other = (registered("gruppe_innsats", key) for key in (group, STANDARD))
    return lack(one, weight), lack(other, -weight)


def _starts(group: str, which: str) -> tuple[Lack, ...]:
    """Return what first or other starts in a group lack: its share and the starts of all."""
    column = f"{which}_oppstartede_tiltak"
    total = Cell("tabell-4-4", "", "n", column, "starts")
    return lack(started("gruppe_innsats", group, column)), lack(total)


def entries() -> Iterator[Step]:
    """How many register, in which group, and who they are."""
    yield Step(("persons",), (lack(Cell("figur-4-3", "", "n", "n", "persons")),), _PERSONS, 0.5)
    for group in keys.NAV_GROUPS:
        yield Step(("first_group", group), (lack(_first("gruppe_innsats", group)),), _SHARE)
        at_first, of_all = _ENTRY_WEIGHTS[group]
        for name, (block, rows) in _BLOCKS.items():
            for row in rows:
                lacks = lack(_first(block, row), at_first), lack(registered(block, row), of_all)
                yield Step((name, group, row), lacks, _SHARE)
        block, (man, woman) = _SEX
        odds = [
            lack(cell(block, row), sign * weight)
            for row, sign in ((woman, 1), (man, -1))
            for cell, weight in ((_first, at_first), (registered, of_all))
        ]
        yield Step(("women", group), tuple(odds), _SHARE, scale="odds")
        for row in keys.LEDIGHETSKATEGORIER:
            yield Step(("work_at_entry", group, row), (lack(_first("gruppe_ledighet", row)),), _SHARE)


def stays(treated: Sequence[str]) -> Iterator[Step]:
    """How long one stays registered, which group one moves to, and how one comes back."""
    halved = Cell("figur-4-2", "", "standard", "n4_maneder_senere_antall_relativt_til_forste_maned", "ratio")
    gone = Cell("figur-4-3", "", "standard", "ikke_registrert_etter_6_maneder")
    of_measures = Lack(tuple(starters(arm, SITUATION) for arm in treated))
    lacks: dict[str, tuple[tuple[Lack, ...], float]] = {
        # Half of the first registered in standard are left after four months, a third after six.
        STANDARD: ((lack(halved, -1), lack(gone, -1, "rest")), 0.5),
        # Controls must still be registered at their pseudo-start: the sooner they leave, the fewer they are.
        SITUATION: ((lack(starters(keys.CONTROL, SITUATION), -1), of_measures), 0.5),
        REDUCED: (stock(REDUCED, -1), 0.6),
        PERMANENT: (stock(PERMANENT, -1), 0.5),
        SICK: (stock(SICK, -1), 0.5),
        OTHER: (stock(OTHER, -1), 0.5),
    }
    for name, group in product(("leave_work", "leave_idle"), lacks):
        numbers, power = lacks[group]
        yield Step((name, group), numbers, _LEAVE[group], power, CAREFUL)
    for name, bounds in _REGISTER.items():
        category = _REGISTRATION_RATES.get(name, "uten_arbeid_6_mnd")
        numbers = (lack(_first("gruppe_ledighet", category), 0.5), *stock(STANDARD, 0.35), *stock(SITUATION, 0.15))
        for group in _STARTING:
            yield Step((name, group), numbers, bounds, 1.0, CAREFUL)
    for name in _MOVES:
        yield Step((name, STANDARD, SITUATION), _relative_stock(SITUATION), _TO_SITUATION, 0.5, CAREFUL)
        yield Step((name, SITUATION, REDUCED), stock(REDUCED), _TO_REDUCED, 0.25, CAREFUL)
        yield Step((name, REDUCED, PERMANENT), stock(PERMANENT), _TO_PERMANENT, 0.5, CAREFUL)
        # From the two groups without innsatsgruppe to one with it: the way to their later measures (Tabell 4-3).
        for group, to in product((SICK, OTHER), (SITUATION, REDUCED)):
            shares = [lack(Cell("tabell-4-3", "gruppe_innsats", group, month)) for month in ("m12", "m24")]
            yield Step((name, group, to), tuple(shares), _TO_SITUATION, 0.3, BOLD)
    for before in keys.NAV_GROUPS:
        for group, power in ((SITUATION, 0.5), (REDUCED, 0.25), (SICK, 0.5)):
            yield Step(("again", before, group), _relative_stock(group), _SHARE, power, CAREFUL)
    yield Step(("register_sick",), stock(SICK), _REGISTERS_SICK, 0.5, CAREFUL)
    for name, (block, rows) in {**_BLOCKS, "sex": _SEX}.items():
        for row in rows:
            yield Step(("reduced_by", name, row), (lack(registered(block, row)),), _FACTOR)


def first_measures(treated: Sequence[str]) -> Iterator[Step]:
    """Who starts a planned first measure, and when."""
    for arm, group in product(treated, keys.ENTRY_GROUPS):
        part = _ANNET_ITSELF if arm == keys.OTHER_MEASURES else 1.0
        begun = Lack((starters(arm, group),), part=part)
        yield Step(("log_odds", arm, "innsatsgruppe", group), (begun,), _LOG_ODDS, scale="log")
    quarters = ("m0_2", "m3_5", "m6_8", "m9_11")
    for group, month in product(keys.ENTRY_GROUPS, range(WINDOW)):
        numbers: tuple[Lack, ...] = (lack(Cell("tabell-6-1", "", quarters[month // 3], group)),)
        if group != STANDARD and month < 2:
            # Those who have been on a measure by the month after registration started in these two months.
            numbers = (*numbers, lack(Cell("tabell-4-3", "gruppe_innsats", group, "m1"), 0.5))
        yield Step(("start", group, month), numbers, _SHARE)
    controls = lack(starters(keys.CONTROL, STANDARD))
    for category in keys.LEDIGHETSKATEGORIER:
        yield Step(("switches", category), (controls,), _SWITCHES, 1.0, CAREFUL)


def later_measures() -> Iterator[Step]:
    """Who starts a measure otherwise, which, and when."""
    for group, band in product((STANDARD, SICK, OTHER), _BANDS):
        yield Step(("later", group, band), _starts(group, "forste"), _LATER, 1.0, CAREFUL)
    for group in (SITUATION, REDUCED):
        for band in _FIRST_YEAR:
            yield Step(("later", group, band), _starts(group, "forste"), _LATER_EARLY, 0.5, CAREFUL)
        # From the second year on Tabell 6-1 tells when those start who have no planned measure.
        for band, months, power, bounds in (
            (12, ("m12_14", "m15_17"), 0.5, _LATER_SECOND_YEAR),
            (18, ("m18_20", "m21_23"), 0.5, _LATER_SECOND_YEAR),
            (24, ("m24_47",), 1.0, _LATER_AFTER),
        ):
            numbers = tuple(lack(Cell("tabell-6-1", "", month, group)) for month in months)
            yield Step(("later", group, band), numbers, bounds, power)
    for group in _STARTING:
        yield Step(("later_again", group), _starts(group, "ovrige"), _LATER_EARLY, 1.0, CAREFUL)
    for row in keys.LEDIGHETSKATEGORIER:
        yield Step(("later_work", row), (lack(started("gruppe_ledighet", row)),), _LATER_WORK, 1.0, CAREFUL)
    for name, (block, rows) in {**_BLOCKS, "sex": _SEX}.items():
        for row in rows:
            if name == "age":
                other, first = (started(block, row, f"{which}_oppstartede_tiltak") for which in ("ovrige", "forste"))
                yield Step(("later_by", name, row), (lack(other, 0.6), lack(first, 0.4)), _LATER_AGE)
            else:
                yield Step(("later_by", name, row), (lack(started(block, row)),), _FACTOR)
    newcomers = lack(started("gruppe_innvandring", "lg3", "ovrige_oppstartede_tiltak"))
    # A tilt of one is the whole log odds of first measures; it is moved by points, not in proportion.
    yield Step(("later_tilt",), (newcomers,), _TILT, 0.5, CAREFUL, "log")


def courses(printed: Mapping[Cell, float], given: Parameters, fitted: Fitted) -> Iterator[Step]:
    """How long measures last, what follows them and what runs beside them; only pairs that are printed, and those."""
    for arm, group in product(given.measures.started, keys.NAV_GROUPS):
        if (cell := Cell("tabell-b-2", "", arm, "n", "persons")) in printed:
            yield Step(("later_arms", arm, group), (lack(cell),), _WEIGHT)
    for arm in given.treated:
        months = Cell("tabell-7-2", "", arm, "gjennomsnittlig_varighet", "months")
        paid = Cell("tabell-7-4", "", arm, "andel_av_tiltaksmaneder_med_tiltakspenger")
        if months in printed and paid in printed:
            yield Step(("length", arm), (lack(months),), _LENGTH)
            yield Step(("tiltakspenger", arm), (lack(paid),), _TILTAKSPENGER)
    for group in _STARTING:
        mean = Cell("tabell-4-5", "gruppe_innsats", group, "gjennomsnitt", "months")
        yield Step(("length_group", group), (lack(mean),), _LENGTH, 0.5)
    for row in keys.AGE_GROUPS:
        mean = Cell("tabell-4-5", "gruppe_alder", row, "gjennomsnitt", "months")
        yield Step(("length_age", row), (lack(mean),), _LENGTH, 0.5)
    for arm in given.treated:
        followed = Cell("tabell-b-3", "", arm, "etterfolgende_tiltak")
        yield Step(("followed", arm), (lack(followed),), _FOLLOWED, 1.0, FEW)
    sequences = {
        (arm, other): Cell("tabell-4-8", "", f"{arm}__til__{other}", "antall_oppstartede_tiltak", "starts")
        for arm, others in fitted.next.items()
        for other in others
    }
    known = {pair: cell for pair, cell in sequences.items() if cell in printed}
    # How many are followed at all is another parameter.
    all_known = Lack(tuple(known.values()), -1)
    for (arm, other), sequence in known.items():
        yield Step(("next", arm, other), (lack(sequence), all_known), _WEIGHT, 1.0, FEW)
    combined = Cell("tabell-4-6", "", "tiltakskombinasjon_i_alt", "antall_tiltakslop")
    for arm, other in ((arm, other) for arm, others in fitted.beside.items() for other in others):
        names = (f"{arm}__og__{other}", f"{other}__og__{arm}")
        pairs = [Cell("tabell-4-7", "", name, "antall_tiltaksmaneder", "person_months") for name in names]
        if own := [pair for pair in pairs if pair in printed]:
            yield Step(("beside", arm, other), (lack(own[0]),), _BESIDE, 1.0, FEW)
        else:
            yield Step(("beside", arm, other), (lack(combined),), _BESIDE_UNPRINTED, 1.0, CAREFUL)


def work() -> Iterator[Step]:
    """Finding and losing work, and disability benefit."""

    def in_work(group: str, month: str) -> Cell:
        return Cell("figur-5-4", "", "tilstand_arbeid_i_alt", month, panel=group)

    everyone = lack(registered("gruppe_ledighet", "i_arbeid"), 1, "odds")
    recently = lack(registered("gruppe_ledighet", "i_arbeid_siste_5_mnd"))
    for group, category in product(keys.ENTRY_GROUPS, keys.LEDIGHETSKATEGORIER):
        late = lack(in_work(group, "m24"), 1 / 2, "odds")
        yield Step(("find", group, category), (late, Lack(everyone.cells, 1 / 2, "odds")), _FIND, 0.5)
    for group, category in product((REDUCED, PERMANENT, SICK, OTHER), keys.LEDIGHETSKATEGORIER):
        yield Step(("find", group, category), (everyone,), _FIND_AFTER, 0.4)
    early = tuple(lack(in_work(key, "m6"), 1 / 3, "odds") for key in keys.ENTRY_GROUPS)
    yield Step(("find_gap", 0), early, _FIND_GAP, 0.5)
    yield Step(("find_gap", WITHOUT_WORK[0]), early, _FIND_GAP, 0.25)
    after = lack(Cell("figur-5-7", "", "tilstand_arbeid_i_alt", "m3", panel="i_arbeid"), -1, "odds")
    kept = lack(Cell("figur-5-7", "", "tilstand_arbeid_i_alt", "m8_24", panel="i_arbeid"), -1, "odds")
    for group in keys.NAV_GROUPS:
        # Who lost work lately is in the middle category, and who had work and has it no more, has lost it.
        yield Step(("lose", group), (recently, kept), _LOSE, 0.25)
        yield Step(("notice", group), (after,), _NOTICE, 0.5, CAREFUL)
    disabled = Cell("figur-5-4", "", "tilstand_ufor", "m24", panel="spesielt_tilpasset")
    yield Step(("disabled",), (lack(disabled),), _DISABLED, 0.5, CAREFUL)


def all_steps(printed: Mapping[Cell, float], given: Parameters, fitted: Fitted) -> tuple[Step, ...]:
    """Return every step of fitted parameters under those that are given, in the order in which they are taken."""
    families = (
        entries(),
        stays(given.treated),
        first_measures(given.treated),
        later_measures(),
        courses(printed, given, fitted),
        work(),
    )
    return tuple(chain.from_iterable(families))


def whole_places(fitted: Fitted) -> tuple[Place, ...]:
    """Return the places of shares and proportions that are brought to the sum 100 after a round."""
    groups = keys.NAV_GROUPS
    return (
        ("first_group",),
        *product((*_BLOCKS, "work_at_entry", "again"), groups),
        *product(("start",), keys.ENTRY_GROUPS),
        *(("next", arm) for arm in fitted.next),
        ("later_arms",),
    )
