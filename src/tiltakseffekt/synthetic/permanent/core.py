"""Between the arrays of the core of the simulation and those of the permanent measures."""

import numpy as np
from numpy.typing import NDArray

from tiltakseffekt.synthetic.permanent.inputs import MONTHS, NEVER, FloatArray, IntArray, Lives, People

_MAY: int = 4


def people_of(key: IntArray, female: IntArray, birth: IntArray, last_month: IntArray, unit: IntArray) -> People:
    """Return persons from what dice are thrown for, sex, month of birth, last month there, and county unit."""
    gone = np.where(last_month < MONTHS - 1, last_month + 1, NEVER)
    return People(key, female.astype(np.uint8), birth, gone, unit)


def lives_of(months: NDArray[np.void]) -> Lives:
    """Return lives from records of months whose fields have the names of `Lives`."""
    return Lives._make(np.ascontiguousarray(months[name]) for name in Lives._fields)


def records_of(lives: Lives, kind: np.dtype[np.void]) -> NDArray[np.void]:
    """Return records of months from lives."""
    months = np.zeros(lives.group.shape, kind)
    for name, values in lives._asdict().items():
        months[name] = values
    return months


def monthly_g(yearly: FloatArray) -> FloatArray:
    """Return G in force in each month, kroner a year, from the amount that each year has from 1 May on."""
    by_month = np.repeat(np.asarray(yearly, np.float64), 12)
    return np.concatenate([np.repeat(by_month[:1], _MAY), by_month])[:MONTHS]
