"""From the parameters to the arrays by which lives are simulated."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, logit

from tiltakseffekt.core import keys
from tiltakseffekt.synthetic.dice import die, throw
from tiltakseffekt.synthetic.keyed import array
from tiltakseffekt.synthetic.municipalities import Municipalities
from tiltakseffekt.synthetic.parameters import (
    FIRST_YEAR,
    LAST_YEAR,
    MONTHS,
    NAV_YEARS,
    Codebooks,
    Factors,
    FloatArray,
    LogOdds,
    Parameters,
)
from tiltakseffekt.synthetic.population import NEVER, IntArray, Persons, unemployment_at_entry
from tiltakseffekt.synthetic.rulebook import FOLLOW, Person, Rules, packed
from tiltakseffekt.synthetic.uses import DICE

_QUANTILES: Final = 401
#: The measure that may begin in standardinnsats (effektrapport_2024 line 2159).
_FIRST_IN_STANDARD: Final = "jobbklubb"
#: Years of the panel follow-up for which effects are given; after them an effect stays.
_EFFECT_MONTHS = FOLLOW + 1


def _by_arm(parameters: Parameters, values: Mapping[str, float], missing: float = 0.0) -> FloatArray:
    return np.array([values.get(arm, missing) for arm in parameters.measures.started], dtype=np.float64)


def _shares(rows: Mapping[Any, Any]) -> FloatArray:
    table = array(rows, np.float64)
    return table / table.sum(axis=-1, keepdims=True)


def _odds(parameters: Parameters, values: Callable[[LogOdds], Mapping[str, float] | None], size: int) -> FloatArray:
    """Return log odds of each measure by a grouping; a missing last age group is as the one before."""
    table = np.zeros((len(parameters.measures.started), size))
    for row, arm in enumerate(parameters.measures.started):
        if given := values(parameters.fitted.log_odds[arm]):
            table[row] = _filled(array(given), size)
    return table


def _filled(values: FloatArray, size: int) -> FloatArray:
    """Return numbers with the last one again where some are missing at the end."""
    return np.append(values, np.repeat(values[-1], size - len(values)))


def cycles(parameters: Parameters) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return factors by month on finding work (season included), losing it, and registering."""
    find, lose, register = (np.ones(MONTHS) for _ in range(3))
    for times in parameters.cycle:
        first, last = ((value // 100 - FIRST_YEAR) * 12 + value % 100 - 1 for value in (times.first, times.last))
        find[first : last + 1] *= times.finding
        lose[first : last + 1] *= times.losing
        register[first : last + 1] *= times.registering
    return find * np.tile(array(parameters.work.season), NAV_YEARS), lose, register


def yearly_use(parameters: Parameters) -> FloatArray:
    """Return factors on the use of each measure, (years since 2000, measures)."""
    years, started = np.arange(FIRST_YEAR, FIRST_YEAR + NAV_YEARS), parameters.measures.started
    table = np.ones((NAV_YEARS, len(started)))
    for column, arm in enumerate(started):
        if given := parameters.selection.years.get(arm):
            table[:, column] = np.interp(years, list(given), list(given.values()))
    return table


def effect_tables(parameters: Parameters) -> tuple[FloatArray, FloatArray]:
    """Return the effect on the probability of work and the factor on pay, (measures, months since the start).

    Column 0 is the month of the start, in which a measure changes nothing; after the last month the effect stays.
    """
    effects, fitted = parameters.effects, parameters.fitted
    since = np.arange(_EFFECT_MONTHS)
    year = np.clip((since - 1) // 12, 0, keys.FOLLOW_UP_YEARS - 1)
    started = parameters.measures.started
    moves = np.zeros((len(started), _EFFECT_MONTHS))
    factors = np.ones_like(moves)
    for row, arm in enumerate(started):
        if profile := effects.profile.get(arm):
            moves[row] = np.interp(since, list(profile), list(profile.values()))
        moves[row] += array(fitted.shift[arm])[year]
        if arm in fitted.wage:
            factors[row] = 1 + array(fitted.wage[arm])[year]
    moves[:, 0], factors[:, 0] = 0, 1
    return moves, factors


def durations(parameters: Parameters) -> FloatArray:
    """Return quantiles of the months on each measure, gamma distributed, (measures, quantiles)."""
    measures, fitted = parameters.measures, parameters.fitted
    draws = np.linspace(0, 0.999, _QUANTILES)
    rows = [
        np.minimum(gammaincinv(measures.shape[arm], draws) * measures.scale[arm] * fitted.length[arm], measures.longest)
        for arm in measures.started
    ]
    return np.array(rows)


def _reduced(parameters: Parameters) -> FloatArray:
    rules = parameters.registration
    by_arm = _by_arm(parameters, rules.reduced_at_start, missing=rules.reduced_at_start_other)
    return np.append(by_arm, rules.reduced_without_measure)


def compile_rules(seed: int, parameters: Parameters, codebooks: Codebooks, places: Municipalities) -> NDArray[np.void]:
    """Return the rules by which lives are simulated: one record with the fields of `Rules`."""
    fitted, work, selection = parameters.fitted, parameters.work, parameters.selection
    measures, benefits, disability = parameters.measures, parameters.benefits, parameters.disability
    find, lose, register = cycles(parameters)
    up, pay = effect_tables(parameters)
    base = array(fitted.base)
    centred = centred_differences(parameters)
    nothing = np.zeros(len(keys.NAV_GROUPS))
    started, groups = measures.started, measures.groups
    later_arms = np.array([array(fitted.later_arms[arm]) for arm in started]).T
    beside = np.zeros((len(started), len(groups)))
    for arm, others in fitted.beside.items():
        for other, chance in others.items():
            beside[started.index(arm), groups.index(other)] = chance
    follows = np.array([[fitted.next[arm].get(other, 0.0) for other in started] for arm in started])
    rules = Rules(
        work_at_entry=_shares(fitted.work_at_entry),
        gap_back=array(work.gap_back),
        job_back=array(work.job_back),
        find=array(fitted.find),
        find_gap=array(fitted.find_gap),
        lose=array(fitted.lose),
        lose_tenure=array(work.lose_tenure),
        notice=array(fitted.notice),
        age_find=array(work.age),
        cycle_find=find,
        cycle_lose=lose,
        cycle_register=register,
        leave_work=array(fitted.leave_work),
        leave_idle=array(fitted.leave_idle),
        leave_time=array(parameters.registration.leave_time),
        moves=np.array([array(fitted.moves_first_year), array(fitted.moves_later)], dtype=np.float64),
        register_lost=array(fitted.register_lost),
        register_idle=array(fitted.register_idle),
        register_work=array(fitted.register_work),
        register_time=array(parameters.registration.register_time),
        register_sick=fitted.register_sick,
        again=_shares(fitted.again).cumsum(axis=1),
        first_group=_shares(fitted.first_group).cumsum(),
        switches=array(fitted.switches),
        switches_age=array(fitted.switches_age),
        switch_power=float(parameters.registration.switch_power),
        reduced=_reduced(parameters),
        odds_group=_odds(parameters, lambda odds: odds.innsatsgruppe, len(keys.ENTRY_GROUPS)),
        odds_age=_odds(parameters, lambda odds: odds.age, len(keys.AGE_GROUPS)),
        odds_category=_odds(parameters, lambda odds: odds.ledighetskategori, len(keys.LEDIGHETSKATEGORIER)),
        odds_worked=_by_arm(parameters, selection.months_worked),
        odds_local=_by_arm(parameters, selection.unemployment),
        start=_shares(fitted.start),
        later=array(fitted.later),
        later_again=array(fitted.later_again),
        later_arms=later_arms,
        later_year=yearly_use(parameters),
        later_tilt=fitted.later_tilt,
        later_work=array(fitted.later_work),
        reduced_age=np.log(array(fitted.reduced_by.age)),
        later_cap=selection.cap,
        later_age=array(fitted.later_by.age),
        length=durations(parameters),
        length_group=array(fitted.length_group),
        length_age=array(fitted.length_age),
        followed=_by_arm(parameters, fitted.followed) / 100,
        next_arms=follows.cumsum(axis=1),
        beside=beside,
        beside_outlasts=measures.beside_outlasts,
        up=up,
        pay_factor=pay,
        base=base,
        difference_group=_differences(parameters, centred, "innsatsgruppe"),
        difference_category=_differences(parameters, centred, "ledighetskategori"),
        at_start=_by_arm(parameters, parameters.effects.at_start, missing=-1.0),
        renew=parameters.effects.renew,
        dagpenger=array(benefits.dagpenger),
        aap=array(benefits.aap),
        sykepenger=array(benefits.sykepenger),
        social=array(benefits.sosialhjelp),
        kvalifisering=benefits.kvalifiseringsstonad,
        tiltakspenger=_by_arm(parameters, fitted.tiltakspenger) / 100,
        disabled=array(disability.granted) * fitted.disabled,
        disabled_before=array(disability.before) + nothing,
        disabled_full=disability.full,
        disabled_leaves=disability.leaves,
        disabled_finds=disability.finds,
        study=array(parameters.education.study, np.float64),
        study_ends=parameters.education.study_ends,
        study_measure=_by_arm(parameters, parameters.education.study_measure),
        study_least=parameters.education.study_least,
        small=np.array([work.small_job, work.small_job_months]),
        trait_find=work.trait,
        jobbklubb=started.index(_FIRST_IN_STANDARD),
        jobbklubb_first=parameters.registration.jobbklubb_first,
        sick_before=array(benefits.sick_before) + nothing,
        sick_months=array(benefits.sick_months) + nothing,
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
    for arm in parameters.treated[:-1]:
        differences, composition = parameters.heterogeneity.differences[arm], parameters.composition[arm]
        pairs = {
            "innsatsgruppe": (differences.innsatsgruppe, composition.innsatsgruppe),
            "sex": (differences.sex, composition.sex),
            "age": (differences.age, composition.age),
            "landgruppe": (differences.landgruppe, composition.landgruppe),
            "ledighetskategori": (differences.ledighetskategori, composition.ledighetskategori),
        }
        centred = {name: _centred(array(one), array(share)) for name, (one, share) in pairs.items()}
        result[arm] = {name: parameters.heterogeneity.share * values for name, values in centred.items()}
        result[arm]["age"] = _filled(result[arm]["age"], len(keys.AGE_GROUPS))
    return result


def _centred(difference: FloatArray, share: FloatArray) -> FloatArray:
    return difference - difference @ share / share.sum()


def _differences(parameters: Parameters, centred: Mapping[str, Mapping[str, FloatArray]], name: str) -> FloatArray:
    """Return the differences of a grouping per month, (measures, groups)."""
    table = np.zeros((len(parameters.measures.started), 3))
    for row, arm in enumerate(parameters.treated[:-1]):
        table[row] = centred[arm][name] / 12
    return table


def trait(seed: int, key: IntArray) -> FloatArray:
    """Return the unobserved trait of persons, logistic with mean 0 and variance 1."""
    draws = throw(die(seed, "trait"), key)
    return np.asarray(logit(np.clip(draws, 1e-12, 1 - 1e-12)) * np.sqrt(3) / np.pi)


def _moved_by(given: LogOdds | Factors, persons: Persons) -> tuple[tuple[Mapping[str, float] | None, IntArray], ...]:
    """Return numbers by what does not change in a person, each with the persons' codes."""
    return (
        (given.sex, persons.female),
        (given.landgruppe, persons.landgruppe),
        (given.education, persons.education),
    )


def describe_people(seed: int, persons: Persons, places: Municipalities, parameters: Parameters) -> NDArray[np.void]:
    """Return what the simulation of lives reads of persons: records with the fields of `Person`."""
    work, fitted = parameters.work, parameters.fitted
    mean = parameters.municipalities.unemployment
    unemployment = unemployment_at_entry(persons, places) - mean
    index = (
        array(work.education)[persons.education]
        + array(work.landgruppe)[persons.landgruppe]
        + work.woman * persons.female
        + work.unemployment * unemployment
    )
    started = parameters.measures.started
    odds = places.office_shift[persons.office].copy()
    differences = np.zeros((len(persons), len(started)))
    unobserved = trait(seed, persons.key)
    groupings = {"sex": persons.female, "landgruppe": persons.landgruppe, "education": persons.education}
    centred = centred_differences(parameters)
    for column, arm in enumerate(started):
        for values, codes in _moved_by(fitted.log_odds[arm], persons):
            if values:
                odds[:, column] += array(values)[codes]
        if work.trait != 0:
            odds[:, column] += parameters.selection.trait * unobserved
        for name, codes in {**groupings, "age": persons.age_group}.items():
            if arm in centred and name in centred[arm]:
                differences[:, column] += centred[arm][name][codes] / 12
    later, reduced = (
        sum(np.log(array(values))[codes] for values, codes in _moved_by(factors, persons) if values)
        for factors in (fitted.later_by, fitted.reduced_by)
    )
    agreed = position(seed, persons, parameters)
    spread = (throw(die(seed, "pay"), persons.key) + throw(die(seed, "pay"), persons.key, 1) - 1) * np.sqrt(6)
    level = (
        np.log(work.full_time_wage)
        + array(work.wage_education)[persons.education]
        + array(work.wage_age)[persons.age_group]
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
    positions = np.array(list(next(iter(work.position_shares.values()))))
    return positions[(draws[:, None] >= cumulative).sum(axis=1).clip(max=len(positions) - 1)]
