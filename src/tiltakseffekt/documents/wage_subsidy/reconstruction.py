"""The inputs under which the printed cells of Tabell 7-2 and 7-3 all hold at once.

Once the rate of tax is fixed, every cell is linear in what is not printed. The feasible rates are found by scanning,
the feasible intervals of all other inputs by linear programming over the rounding of all cells jointly.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from tiltakseffekt.core.errors import Fault, FaultsFound
from tiltakseffekt.documents.audit.cells import Cells, cell_name
from tiltakseffekt.documents.audit.intervals import Interval
from tiltakseffekt.documents.audit.linear import ANY, System
from tiltakseffekt.documents.audit.scanning import feasible_interval
from tiltakseffekt.evaluations.varig_lonnstilskudd import alternatives as alt
from tiltakseffekt.evaluations.varig_lonnstilskudd.parameters import Parameters
from tiltakseffekt.evaluations.varig_lonnstilskudd.taxes import LinearTax

#: Printed words of the keys.
PANELS: Final[Mapping[str, str]] = {
    alt.VLT: "1 Heltid med VLT",
    alt.VTAO: "2 VTA-O",
    alt.GRADED: "3 Gradert (50%) uføretrygd",
    alt.DISPLACING: "1b Heltid med VLT og fortrengning",
    alt.BENEFIT: "4 Full uføretrygd",
}
COLUMNS: Final[Mapping[str, str]] = {
    alt.VLT: "Heltid med VLT",
    alt.VTAO: "VTA-O",
    alt.GRADED: "Gradert (50%) uføretrygd og VLT",
    alt.DISPLACING: "Heltid med VLT og fortrenging",
    alt.DEADWEIGHT: "Dødvektstap på 20%",
    alt.FULL_AND_HALF: "Har full uføretrygd, 50% stilling",
}
ROWS: Final[Mapping[str, str]] = {
    alt.PRODUCTION: "Produksjonsbidrag",
    alt.TAX_COST: "Skattekostnad",
    alt.DISPLACEMENT: "Fortrenging",
    alt.NET: "Netto",
    alt.SUBSIDY: "Tilskudd",
    alt.DISABILITY: "Uføretrygd",
    alt.MEASURE_COST: "Tiltakskostnader",
    alt.TAX: "Skatt",
    alt.NEED: "Netto finansieringsbehov",
    alt.CHANGE: "Økt (+)/redusert behov",
    alt.SUM: "Sum",
}
#: Kroner in a printed unit.
THOUSAND: Final = 1000.0

#: Unknowns, all in thousand kroner of the first year.
COST: Final = "labour_cost"
PAID: Final = "subsidy"
FULL: Final = "full_benefit"
PART: Final = "graded_benefit"
BONUS: Final = "vtao_production"
SIDE: Final = "side_income"
LOSS: Final = "displacement"
SPARED: Final = "tax_allowance"
UNKNOWNS: Final = (COST, PAID, FULL, PART, BONUS, SIDE, LOSS, SPARED)
#: Range of the tax rate that is scanned, in how many steps, and at how many rates the other intervals are sought.
_RATES: Final = Interval(0.4, 0.46)
_SCANNED: Final = 61
_TRIED: Final = 13
_DECIMALS: Final = 3
_REMEDY: Final = "Compare the file with the document."


def social_cell(alternative: str, item: str, year: str) -> str:
    """Return the name of a cell of Tabell 7-2."""
    return cell_name("tabell-7-2", PANELS[alternative], "", ROWS[item], ROWS.get(year, year))


def fiscal_cell(alternative: str, item: str) -> str:
    """Return the name of a cell of Tabell 7-3."""
    return cell_name("tabell-7-3", "", "", ROWS[item], COLUMNS[alternative])


@dataclass(frozen=True)
class Reconstruction:
    """What the printed cells say of the inputs that are not printed.

    Parameters
    ----------
    inputs
        One set that gives every cell.
    feasible
        Interval of each inferred number over all sets that do; kroner in thousands, shares 0-1.
    cells
        Names of the cells that are reproduced.
    """

    inputs: alt.Inputs
    feasible: Mapping[str, Interval]
    cells: tuple[str, ...]


class _Combination:
    """Sums over unknowns with a constant, so that accounts can be written as they are thought."""

    def __init__(self, weights: Mapping[str, float], constant: float = 0.0) -> None:
        self.weights = dict(weights)
        self.constant = constant

    def __add__(self, other: "_Combination") -> "_Combination":
        names = {*self.weights, *other.weights}
        weights = {name: self.weights.get(name, 0.0) + other.weights.get(name, 0.0) for name in names}
        return _Combination(weights, self.constant + other.constant)

    def __sub__(self, other: "_Combination") -> "_Combination":
        return self + other.times(-1.0)

    def times(self, factor: float) -> "_Combination":
        return _Combination({name: factor * w for name, w in self.weights.items()}, factor * self.constant)


def _unknown(name: str) -> _Combination:
    return _Combination({name: 1.0})


def _accounts(stated: alt.Inputs, rate: float) -> tuple[dict[str, _Combination], dict[str, dict[str, _Combination]]]:
    """Return production of each alternative and its financing, as sums over unknowns, for one rate of tax."""
    wage = _unknown(COST).times(1 / stated.cost_factor)
    vtao = _Combination({}, stated.vtao_subsidy / THOUSAND)
    half, nothing = wage.times(stated.position), _Combination({})
    paid, full, part, side = _unknown(PAID), _unknown(FULL), _unknown(PART), _unknown(SIDE)
    made = _unknown(COST) - paid
    productions = {
        alt.VLT: made,
        alt.VTAO: _unknown(BONUS),
        alt.GRADED: made.times(stated.position),
        alt.DISPLACING: made,
        alt.BENEFIT: side,
    }
    incomes = {
        alt.VLT: (paid, nothing, wage),
        alt.VTAO: (vtao, full, vtao),
        alt.GRADED: (paid.times(stated.position), part, half),
        alt.DISPLACING: (paid, nothing, wage),
        alt.DEADWEIGHT: (paid.times(1 + stated.deadweight), nothing, wage),
        alt.FULL_AND_HALF: (paid.times(stated.position), full, half),
        alt.BENEFIT: (nothing, full, side),
    }
    accounts = {}
    for alternative, (subsidy, benefit, income) in incomes.items():
        tax = (income + benefit).times(rate) - _unknown(SPARED)
        accounts[alternative] = {
            alt.SUBSIDY: subsidy,
            alt.DISABILITY: benefit,
            alt.TAX: tax,
            alt.NEED: subsidy + benefit - tax,
        }
    return productions, accounts


def printed_system(cells: Cells, stated: alt.Inputs, rate: float) -> System:
    """Return what the printed cells of both tables require of the unknowns when the tax rate is fixed.

    The rules that the cells follow differ from the stated ones in these places: production in VTA-O, both rates of
    uføretrygd and the subsidy rate are free; alternative 4 counts its benefit as tax cost; the net row of alternative
    1b subtracts a first loss, then 0, 1, 2 ... thousand; Tabell 7-3 counts the subsidy of VTA-O twice and compares
    alternative 4 in its last column.

    Parameters
    ----------
    cells
        Printed cells of vlt_rapport.
    stated
        Inputs of which position, cost factor, subsidy of VTA-O, tax cost, deadweight and discounting are used.
    rate
        Tax of a further krone of wage or benefit.
    """
    system = System(dict.fromkeys(UNKNOWNS, ANY))
    productions, accounts = _accounts(stated, rate)

    def require(name: str, value: _Combination) -> None:
        printed = cells[name].interval
        shifted = Interval(printed.low - value.constant, printed.high - value.constant)
        system.between(name, value.weights, shifted)

    factors = alt.discount_factors(stated)
    losses = {alt.SUM: _unknown(LOSS) + _Combination({}, float(sum(range(stated.years - 1))))}
    for number in range(stated.years):
        losses[str(number)] = _unknown(LOSS) if number == 0 else _Combination({}, float(number - 1))
    weights = {**{str(number): factor for number, factor in enumerate(factors)}, alt.SUM: float(np.sum(factors))}
    for alternative in alt.ALTERNATIVES:
        cost = accounts[alternative][alt.NEED].times(stated.tax_cost)
        if alternative == alt.BENEFIT:
            cost = accounts[alternative][alt.DISABILITY]
        for year, weight in weights.items():
            made, taxed = productions[alternative].times(weight), cost.times(weight)
            net = made - taxed
            if alternative == alt.DISPLACING:
                net = net - losses[year]
            require(social_cell(alternative, alt.PRODUCTION, year), made)
            require(social_cell(alternative, alt.TAX_COST, year), taxed)
            require(social_cell(alternative, alt.NET, year), net)
    require(social_cell(alt.DISPLACING, alt.DISPLACEMENT, "0"), losses["0"])
    require(social_cell(alt.DISPLACING, alt.DISPLACEMENT, alt.SUM), losses[alt.SUM])

    again = _Combination({}, stated.vtao_subsidy / THOUSAND)
    base = accounts[alt.VLT][alt.NEED]
    for alternative in COLUMNS:
        account = accounts[alternative]
        need = account[alt.NEED] + again if alternative == alt.VTAO else account[alt.NEED]
        compared = accounts[alt.BENEFIT][alt.NEED] if alternative == alt.FULL_AND_HALF else need
        values = {**account, alt.NEED: need, alt.CHANGE: compared - base}
        for item, value in values.items():
            if fiscal_cell(alternative, item) in cells:
                require(fiscal_cell(alternative, item), value)
    return system


def reconstruct(cells: Cells, parameters: Parameters) -> Reconstruction:
    """Find inputs that give the printed cells, and the interval in which each of them must lie.

    Parameters
    ----------
    cells
        Printed cells of vlt_rapport.
    parameters
        What is printed elsewhere is kept.

    Raises
    ------
    FaultsFound
        If no inputs give all cells.
    """
    stated = alt.specified_inputs(parameters)
    rates = feasible_interval(lambda rate: printed_system(cells, stated, rate).feasible(), _RATES, _SCANNED)
    if rates is None:
        names = ", ".join(_conflict(cells, stated))
        raise FaultsFound(
            [Fault("published", "tabell-7-2", f"nothing gives these cells together: {names}", 1, _REMEDY)]
        )
    rate = round(rates.middle, _DECIMALS)
    system = printed_system(cells, stated, rate)
    point = system.solution()
    if point is None:
        raise FaultsFound([Fault("published", "tabell-7-2", f"nothing gives the cells at tax rate {rate}", 1, _REMEDY)])
    wage = THOUSAND * point[COST] / stated.cost_factor
    inputs = replace(
        stated,
        wage=wage,
        subsidy_rate=THOUSAND * point[PAID] / wage,
        vtao_factor=THOUSAND * point[BONUS] / stated.vtao_subsidy,
        disability_rate=THOUSAND * point[FULL] / wage,
        graded_rate=THOUSAND * point[PART] / wage,
        side_income=THOUSAND * point[SIDE],
        side_factor=1.0,
        tax=LinearTax(rate, THOUSAND * point[SPARED]),
        benefit_is_tax_cost=True,
        displaced=point[LOSS] / point[COST],
        displaced_later=THOUSAND,
        vtao_paid=2,
        change_of_benefit=True,
    )
    return Reconstruction(inputs, _feasible(cells, parameters, rates), tuple(dict.fromkeys(system.rows)))


def _conflict(cells: Cells, stated: alt.Inputs) -> list[str]:
    """Return the fewest cells found that contradict each other, whatever the tax rate of those tried."""
    rates = np.linspace(_RATES.low, _RATES.high, _TRIED)
    return min((printed_system(cells, stated, float(rate)).conflict() for rate in rates), key=len)


def _quantities(stated: alt.Inputs, rate: float) -> dict[str, _Combination]:
    """Return what is inferred, as sums over unknowns for one rate of tax."""
    productions, accounts = _accounts(stated, rate)
    return {
        **{name: _unknown(name) for name in UNKNOWNS},
        "wage": _unknown(COST).times(1 / stated.cost_factor),
        "vtao_factor": _unknown(BONUS).times(THOUSAND / stated.vtao_subsidy),
        "production_vlt": productions[alt.VLT],
        "tax_cost_vlt": accounts[alt.VLT][alt.NEED].times(stated.tax_cost),
        **{f"tax_{alternative}": account[alt.TAX] for alternative, account in accounts.items()},
    }


def _feasible(cells: Cells, parameters: Parameters, rates: Interval) -> dict[str, Interval]:
    """Return the interval of each inferred number over all rates; those of quotients are outer ones."""
    stated = alt.specified_inputs(parameters)
    found: dict[str, Interval] = {}
    for rate in map(float, np.linspace(rates.low, rates.high, _TRIED)):
        system = printed_system(cells, stated, rate)
        for name, sum_ in _quantities(stated, rate).items():
            if (here := system.range_of(sum_.weights)) is not None:
                here = here + Interval.exactly(sum_.constant)
                before = found.get(name, here)
                found[name] = Interval(min(before.low, here.low), max(before.high, here.high))
    wage, full, part = found["wage"], found[FULL], found[PART]
    basic_amount = parameters.analysis.basic_amount.yearly
    limit = parameters.disability.income_limit.value * basic_amount / THOUSAND
    excess = wage * Interval.exactly(stated.position) - Interval.exactly(limit)
    return found | {
        "tax_rate": rates,
        "subsidy_rate": found[PAID] / wage,
        "disability_rate": full / wage,
        "graded_rate": part / wage,
        "income_before": full * excess / (full - part),
    }
