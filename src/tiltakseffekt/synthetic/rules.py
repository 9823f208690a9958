"""From the parameters to the arrays by which lives are simulated."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, logit

from tiltakseffekt.core import keys
from tiltakseffekt.core.keys import MEASURES, NAV_GROUPS, TREATED_ARMS
from tiltakseffekt.synthetic.dice import die, throw
from tiltakseffekt.synthetic.municipalities import Municipalities
from tiltakseffekt.synthetic.parameters import (
    FIRST_YEAR,
    LAST_YEAR,
    LATER_ARMS,
    MONTHS,
    NAV_YEARS,
    SPELL_GROUPS,
    Codebooks,
    FloatArray,
    Parameters,
)
from tiltakseffekt.synthetic.population import NEVER, IntArray, Persons, unemployment_at_entry
from tiltakseffekt.synthetic.rulebook import FOLLOW, Person, Rules
from tiltakseffekt.synthetic.uses import DICE

_QUANTILES = 401
#: Years of the panel follow-up for which effects are given; after them an effect stays.
_EFFECT_MONTHS = FOLLOW + 1


def _by_arm(values: dict[str, float], missing: float = 0.0, arms: tuple[str, ...] = LATER_ARMS) -> FloatArray:
    return np.array([values.get(arm, missing) for arm in arms], dtype=np.float64)


def _shares(rows: list[list[float]]) -> FloatArray:
    table = np.array(rows, dtype=np.float64)
    return table / table.sum(axis=-1, keepdims=True)


def _odds(parameters: Parameters, name: str, size: int) -> FloatArray:
    """Return log odds of each later arm by a grouping; a missing last age group is as the one before."""
    table = np.zeros((len(LATER_ARMS), size))
    for row, arm in enumerate(LATER_ARMS):
        values = parameters.fitted.log_odds.get(arm, {}).get(name, [])
        table[row, : len(values)] = values
        if values and len(values) < size:
            table[row, len(values) :] = values[-1]
    return table


def cycles(parameters: Parameters) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return factors by month on finding work (season included), losing it, and registering."""
    find, lose, register = (np.ones(MONTHS) for _ in range(3))
    for times in parameters.cycle:
        first, last = ((value // 100 - FIRST_YEAR) * 12 + value % 100 - 1 for value in (times.first, times.last))
        find[first : last + 1] *= times.finding
        lose[first : last + 1] *= times.losing
        register[first : last + 1] *= times.registering
    return find * np.tile(parameters.work.season, NAV_YEARS), lose, register


def yearly_use(parameters: Parameters) -> FloatArray:
    """Return factors on the use of each later arm, (years since 2000, arms)."""
    years = np.arange(FIRST_YEAR, FIRST_YEAR + NAV_YEARS)
    table = np.ones((NAV_YEARS, len(LATER_ARMS)))
    for column, arm in enumerate(LATER_ARMS):
        if given := parameters.selection.years.get(arm):
            table[:, column] = np.interp(years, list(given), list(given.values()))
    return table


def effect_tables(parameters: Parameters) -> tuple[FloatArray, FloatArray]:
    """Return the effect on the probability of work and the factor on pay, (later arms, months since the start).

    Column 0 is the month of the start, in which a measure changes nothing; after the last month the effect stays.
    """
    effects, fitted = parameters.effects, parameters.fitted
    since = np.arange(_EFFECT_MONTHS)
    year = np.clip((since - 1) // 12, 0, keys.FOLLOW_UP_YEARS - 1)
    moves = np.zeros((len(LATER_ARMS), _EFFECT_MONTHS))
    factors = np.ones_like(moves)
    nothing = [0.0] * keys.FOLLOW_UP_YEARS
    for row, arm in enumerate(LATER_ARMS):
        if arm in effects.profile:
            moves[row] = np.interp(since, effects.months, effects.profile[arm])
        moves[row] += np.array(fitted.shift.get(arm, nothing))[year]
        factors[row] = 1 + np.array(fitted.wage.get(arm, nothing))[year]
    moves[:, 0], factors[:, 0] = 0, 1
    return moves, factors


def durations(parameters: Parameters) -> FloatArray:
    """Return quantiles of the months on each later arm, gamma distributed, (arms, quantiles)."""
    measures, fitted = parameters.measures, parameters.fitted
    draws = np.linspace(0, 0.999, _QUANTILES)
    rows = [
        np.minimum(gammaincinv(measures.shape[arm], draws) * measures.scale[arm] * fitted.length[arm], measures.longest)
        for arm in LATER_ARMS
    ]
    return np.array(rows)


def _reduced(parameters: Parameters) -> FloatArray:
    rules = parameters.registration
    by_arm = [rules.reduced_at_start.get(arm, rules.reduced_at_start_other) for arm in LATER_ARMS]
    return np.array([*by_arm, rules.reduced_without_measure])


def packed(record: Rules) -> NDArray[np.void]:
    """Return one structured record with the fields of a named tuple of numbers and arrays."""
    values = {name: np.asarray(value) for name, value in record._asdict().items()}
    table = np.zeros(1, dtype=[(name, value.dtype, value.shape) for name, value in values.items()])
    for name, value in values.items():
        table[name][0] = value
    return table


def compile_rules(seed: int, parameters: Parameters, codebooks: Codebooks, places: Municipalities) -> NDArray[np.void]:
    """Return the rules by which lives are simulated: one record with the fields of `Rules`."""
    fitted, work, selection = parameters.fitted, parameters.work, parameters.selection
    measures, benefits, disability = parameters.measures, parameters.benefits, parameters.disability
    find, lose, register = cycles(parameters)
    up, pay = effect_tables(parameters)
    base = np.array(fitted.base)
    centred = centred_differences(parameters)
    nothing = np.zeros(len(NAV_GROUPS))
    later_arms = np.array([fitted.later_arms[arm] for arm in LATER_ARMS]).T
    beside = np.zeros((len(LATER_ARMS), len(SPELL_GROUPS)))
    for arm, others in fitted.beside.items():
        for other, chance in others.items():
            beside[LATER_ARMS.index(arm), SPELL_GROUPS.index(other)] = chance
    follows = np.array([[fitted.next[arm].get(other, 0.0) for other in LATER_ARMS] for arm in LATER_ARMS])
    rules = Rules(
        work_at_entry=_shares(fitted.work_at_entry),
        gap_back=np.array(work.gap_back),
        job_back=np.array(work.job_back),
        find=np.array(fitted.find),
        find_gap=np.array(fitted.find_gap),
        lose=np.array(fitted.lose),
        lose_tenure=np.array(work.lose_tenure),
        notice=np.array(fitted.notice),
        age_find=np.array(work.age),
        cycle_find=find,
        cycle_lose=lose,
        cycle_register=register,
        leave_work=np.array(fitted.leave_work),
        leave_idle=np.array(fitted.leave_idle),
        leave_time=np.array(parameters.registration.leave_time),
        moves=np.array([fitted.moves_first_year, fitted.moves_later], dtype=np.float64),
        register_lost=np.array(fitted.register_lost),
        register_idle=np.array(fitted.register_idle),
        register_work=np.array(fitted.register_work),
        register_time=np.array(parameters.registration.register_time),
        register_sick=fitted.register_sick,
        again=_shares(fitted.again).cumsum(axis=1),
        first_group=_shares([fitted.first_group])[0].cumsum(),
        switches=np.array(fitted.switches),
        switches_age=np.array(fitted.switches_age),
        switch_power=float(parameters.registration.switch_power),
        reduced=_reduced(parameters),
        odds_group=_odds(parameters, "innsatsgruppe", 3),
        odds_age=_odds(parameters, "age", len(keys.AGE_GROUPS)),
        odds_category=_odds(parameters, "ledighetskategori", len(keys.LEDIGHETSKATEGORIER)),
        odds_worked=_by_arm(selection.months_worked),
        odds_local=_by_arm(selection.unemployment),
        start=_shares(fitted.start),
        later=np.array(fitted.later),
        later_again=np.array(fitted.later_again),
        later_arms=later_arms,
        later_year=yearly_use(parameters),
        later_tilt=fitted.later_tilt,
        later_work=np.array(fitted.later_work),
        reduced_age=np.log(fitted.reduced_by["age"]),
        later_cap=selection.cap,
        later_age=np.array(fitted.later_by["age"]),
        length=durations(parameters),
        length_group=np.array(fitted.length_group),
        length_age=np.array(fitted.length_age),
        followed=_by_arm(fitted.followed) / 100,
        next_arms=follows.cumsum(axis=1),
        beside=beside,
        beside_outlasts=measures.beside_outlasts,
        up=up,
        pay_factor=pay,
        base=base,
        difference_group=_differences(centred, "innsatsgruppe"),
        difference_category=_differences(centred, "ledighetskategori"),
        at_start=_by_arm(dict(parameters.effects.at_start), missing=-1.0),
        renew=parameters.effects.renew,
        dagpenger=np.array(benefits.dagpenger),
        aap=np.array(benefits.aap),
        sykepenger=np.array(benefits.sykepenger),
        social=np.array(benefits.sosialhjelp),
        kvalifisering=benefits.kvalifiseringsstonad,
        tiltakspenger=_by_arm(fitted.tiltakspenger) / 100,
        disabled=np.array(disability.granted) * fitted.disabled,
        disabled_before=np.array(disability.before) + nothing,
        disabled_full=disability.full,
        disabled_leaves=disability.leaves,
        disabled_finds=disability.finds,
        study=np.array(parameters.education.study, dtype=np.float64),
        study_ends=parameters.education.study_ends,
        study_measure=_by_arm(dict(parameters.education.study_measure)),
        study_least=parameters.education.study_least,
        small=np.array([work.small_job, work.small_job_months]),
        trait_find=work.trait,
        jobbklubb=TREATED_ARMS.index("jobbklubb"),
        jobbklubb_first=parameters.registration.jobbklubb_first,
        sick_before=np.array(benefits.sick_before) + nothing,
        sick_months=np.array(benefits.sick_months) + nothing,
        local=places.unemployment - parameters.municipalities.unemployment,
        prices=np.repeat(codebooks.prices / codebooks.prices[LAST_YEAR - FIRST_YEAR], 12),
        least=np.ceil(work.least_wage * np.repeat(codebooks.g, 12) / 12),
        dice=np.array([die(seed, "life", use) for use in DICE]),
    )
    return packed(rules)


def centred_differences(parameters: Parameters) -> dict[str, dict[str, FloatArray]]:
    """Return the difference of the effect of each measure by group, centred on its published participants.

    Returns
    -------
    dict
        Measure -> grouping -> months in work per year; zero on average over the participants of Tabell 6-3 and B-4
        to B-6, so that the average effect on the treated is the profile.
    """
    result: dict[str, dict[str, FloatArray]] = {}
    for arm in MEASURES:
        result[arm] = {}
        for name, values in parameters.heterogeneity.differences[arm].items():
            difference, share = np.array(values), np.array(parameters.composition[arm][name])
            centred = parameters.heterogeneity.share * (difference - difference @ share / share.sum())
            result[arm][name] = np.append(centred, centred[-1]) if name == "age" else centred
    return result


def _differences(centred: dict[str, dict[str, FloatArray]], name: str) -> FloatArray:
    """Return the differences of a grouping per month, (later arms, groups)."""
    table = np.zeros((len(LATER_ARMS), 3))
    for arm, by_group in centred.items():
        table[LATER_ARMS.index(arm)] = by_group[name] / 12
    return table


def trait(seed: int, key: IntArray) -> FloatArray:
    """Return the unobserved trait of persons, logistic with mean 0 and variance 1."""
    draws = throw(die(seed, "trait"), key)
    return np.asarray(logit(np.clip(draws, 1e-12, 1 - 1e-12)) * np.sqrt(3) / np.pi)


def describe_people(seed: int, persons: Persons, places: Municipalities, parameters: Parameters) -> NDArray[np.void]:
    """Return what the simulation of lives reads of persons: records with the fields of `Person`."""
    work, fitted = parameters.work, parameters.fitted
    mean = parameters.municipalities.unemployment
    unemployment = unemployment_at_entry(persons, places) - mean
    index = (
        np.array(work.education)[persons.education]
        + np.array(work.landgruppe)[persons.landgruppe]
        + work.woman * persons.female
        + work.unemployment * unemployment
    )
    odds = places.office_shift[persons.office].copy()
    differences = np.zeros((len(persons), len(LATER_ARMS)))
    unobserved = trait(seed, persons.key)
    groupings = {"sex": persons.female, "landgruppe": persons.landgruppe, "education": persons.education}
    centred = centred_differences(parameters)
    for column, arm in enumerate(LATER_ARMS):
        for name, codes in groupings.items():
            if values := fitted.log_odds.get(arm, {}).get(name):
                odds[:, column] += np.array(values)[codes]
        if work.trait != 0:
            odds[:, column] += parameters.selection.trait * unobserved
        for name, codes in {**groupings, "age": persons.age_group}.items():
            if arm in centred and name in centred[arm]:
                differences[:, column] += centred[arm][name][codes] / 12
    later, reduced = (
        sum(np.log(factors[name])[codes] for name, codes in groupings.items())
        for factors in (fitted.later_by, fitted.reduced_by)
    )
    agreed = position(seed, persons, parameters)
    spread = (throw(die(seed, "pay"), persons.key) + throw(die(seed, "pay"), persons.key, 1) - 1) * np.sqrt(6)
    level = (
        np.log(work.full_time_wage)
        + np.array(work.wage_education)[persons.education]
        + np.array(work.wage_age)[persons.age_group]
        + work.wage_spread * spread
    )
    described = Person(
        row=np.arange(len(persons)),
        number=persons.key,
        entry=persons.entry,
        entry_group=persons.entry_group,
        birth=persons.birth,
        first_month=persons.first_month,
        last_month=np.minimum(persons.died, persons.emigrated),
        immigrated=np.where(persons.immigrated == NEVER, -NEVER, persons.immigrated),
        newcomer=persons.newcomer.astype(np.int64),
        index=index,
        trait=unobserved,
        odds=odds,
        differences=differences,
        later=later,
        reduced=reduced,
        place=persons.municipality,
        place_after=persons.municipality_after,
        moved=persons.moved,
        pay=np.exp(level) * agreed / 100,
    )
    columns = described._asdict()
    table = np.empty(len(persons), dtype=[(name, value.dtype, value.shape[1:]) for name, value in columns.items()])
    for name, value in columns.items():
        table[name] = value
    return table


def position(seed: int, persons: Persons, parameters: Parameters) -> FloatArray:
    """Return agreed positions, per cent."""
    work = parameters.work
    cumulative = _shares(work.position_shares).cumsum(axis=1)[persons.entry_group]
    draws = throw(die(seed, "position"), persons.key)
    return np.array(work.positions)[(draws[:, None] >= cumulative).sum(axis=1).clip(max=len(work.positions) - 1)]
