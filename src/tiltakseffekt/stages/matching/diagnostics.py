"""How good the nuisance functions are, seen before any effect: overlap, balance, calibration, prediction.

All predictions are out of fold. The yardstick of a prediction is a constant that is also out of fold: the share of the
arm, or the mean outcome within the arm, among the persons of the other folds.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from tiltakseffekt.core.keys import (
    ALL_YEARLY_OUTCOMES,
    CONTROL,
    PARTICIPATION,
    arms_of,
    prediction_column,
    propensity_column,
)
from tiltakseffekt.stages.matching.description import standardised_differences
from tiltakseffekt.stages.matching.forest import Floats, Ints
from tiltakseffekt.stages.matching.samples import arms_present, covariate_matrix

#: Classes of a propensity per factor of ten; the lowest class takes in everything under it.
CLASSES_PER_DECADE: Final = 5
_DECADES: Final = 3
_CALIBRATION_CLASSES: Final = 10
_MEMBERS_PER_CLASS: Final = 10


def describe_differences(sample: pd.DataFrame, propensities: pd.DataFrame, covariates: pd.DataFrame) -> pd.DataFrame:
    """Compare the mean of each covariate between each measure and the controls, before and after weighting.

    Parameters
    ----------
    sample, propensities, covariates
        Tables of the same persons.

    Returns
    -------
    pandas.DataFrame
        Schema ``balance_of_covariates``.
    """
    names = [str(name) for name in covariates.columns if str(name).startswith("x_")]
    other_than_zero = covariate_matrix(covariates, sample["person_id"]) != 0
    present = {arm: (sample["arm"] == arm).to_numpy() for arm in arms_present(sample, arms_of(propensities))}
    counts = pd.DataFrame({arm: other_than_zero[own].sum(axis=0) for arm, own in present.items()}, index=names)
    long = (
        counts.rename_axis("covariate").reset_index().melt("covariate", var_name="arm", value_name="n_other_than_zero")
    )
    differences = standardised_differences(sample, propensities, covariates)
    table = differences[differences["arm"] != CONTROL].merge(long, on=["arm", "covariate"], validate="one_to_one")
    return table.assign(n=table["arm"].map({arm: int(own.sum()) for arm, own in present.items()}))


def classify_propensities(sample: pd.DataFrame, propensities: pd.DataFrame) -> pd.DataFrame:
    """Count the persons of each measure, and the controls, in classes of the propensity of the measure.

    Parameters
    ----------
    sample, propensities
        Tables of the same persons.

    Returns
    -------
    pandas.DataFrame
        Schema ``propensity_classes``; classes are equally wide in logarithms.
    """
    e = propensities.set_index("person_id").loc[sample["person_id"]]
    size = CLASSES_PER_DECADE * _DECADES
    edges = 10 ** (np.arange(size + 1) / CLASSES_PER_DECADE - _DECADES)
    parts = []
    for arm in (arm for arm in arms_present(sample, arms_of(propensities)) if arm != CONTROL):
        own = np.clip(np.searchsorted(edges, e[propensity_column(arm)].to_numpy(), side="right") - 1, 0, size - 1)
        for group, members in (("behandling", arm), ("kontroll", CONTROL)):
            n = np.bincount(own[(sample["arm"] == members).to_numpy()], minlength=size)
            parts.append(pd.DataFrame({"arm": arm, "group": group, "low": edges[:-1], "high": edges[1:], "n": n}))
    return pd.concat(parts, ignore_index=True)


def calibrate_propensities(sample: pd.DataFrame, propensities: pd.DataFrame) -> pd.DataFrame:
    """Compare propensities with the shares that are in the arm, in classes of the propensity.

    Each class of an arm holds about as many of its members: a tenth of them, or ten if that is more.

    Parameters
    ----------
    sample, propensities
        Tables of the same persons.

    Returns
    -------
    pandas.DataFrame
        Schema ``propensity_calibration``.
    """
    e = propensities.set_index("person_id").loc[sample["person_id"]]
    parts = []
    for arm in arms_present(sample, arms_of(propensities)):
        own, members = e[propensity_column(arm)].to_numpy(), (sample["arm"] == arm).to_numpy()
        classes = calibration_classes(own, members)
        n, n_arm = np.bincount(classes), np.bincount(classes, members)
        parts.append(
            pd.DataFrame(
                {
                    "arm": arm,
                    "place": np.arange(len(n)),
                    "n": n,
                    "n_arm": n_arm.astype(np.int64),
                    "predicted": np.bincount(classes, own) / n,
                    "observed": n_arm / n,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def calibration_classes(propensity: Floats, members: npt.NDArray[np.bool_]) -> Ints:
    """Return the class of each person: classes of rising propensity with about as many members of the arm in each.

    Parameters
    ----------
    propensity
        Probability of the arm.
    members
        Who is in the arm; at least one.

    Returns
    -------
    array of int
        From 0; persons with one propensity share a class, so that classes may be fewer.
    """
    wanted = int(np.clip(members.sum() // _MEMBERS_PER_CLASS, 1, _CALIBRATION_CLASSES))
    limits = np.quantile(propensity[members], np.arange(1, wanted) / wanted, method="lower")
    own = np.searchsorted(limits, propensity, side="left")
    # A limit that many share leaves classes without members; they join the one below.
    filled = np.unique(own[members])
    classes: Ints = np.maximum(np.searchsorted(filled, own, side="right") - 1, 0)
    return classes


def measure_predictions(
    sample: pd.DataFrame, propensities: pd.DataFrame, predictions: pd.DataFrame, outcomes: pd.DataFrame
) -> pd.DataFrame:
    """Measure how well propensities and outcomes are predicted out of fold, against an out-of-fold constant.

    Parameters
    ----------
    sample, propensities, predictions, outcomes
        Tables of the same persons.

    Returns
    -------
    pandas.DataFrame
        Schema ``prediction_quality``: log loss of the participation in each arm, and mean squared error of the yearly
        outcomes of those in the arm. A gain is 1 - loss / loss of the constant; of an outcome this is R squared.
    """
    persons = sample["person_id"]
    e, mu, y = (table.set_index("person_id").loc[persons] for table in (propensities, predictions, outcomes))
    folds = sample["fold"].to_numpy()
    rows = []
    for arm in arms_present(sample, arms_of(propensities)):
        members = (sample["arm"] == arm).to_numpy()
        probability, inside = e[propensity_column(arm)].to_numpy(), members.astype(np.float64)
        losses = _log_loss(inside, probability), _log_loss(inside, _constant(inside, folds))
        rows.append(_quality(arm, PARTICIPATION, int(members.sum()), losses, inside, probability))
        for outcome in (name for name in ALL_YEARLY_OUTCOMES if name in outcomes):
            observed = y.loc[members, outcome].to_numpy(np.float64)
            predicted = mu.loc[members, prediction_column(arm, outcome)].to_numpy()
            constant = _constant(observed, folds[members])
            losses = float(np.mean((observed - predicted) ** 2)), float(np.mean((observed - constant) ** 2))
            rows.append(_quality(arm, outcome, int(members.sum()), losses, observed, predicted))
    return pd.DataFrame(rows)


def _quality(
    arm: str, target: str, n: int, losses: tuple[float, float], observed: Floats, predicted: Floats
) -> dict[str, object]:
    loss, of_constant = losses
    return {
        "arm": arm,
        "target": target,
        "n": n,
        "loss": loss,
        "loss_of_constant": of_constant,
        "gain": 1 - loss / of_constant if of_constant > 0 else np.nan,
        "slope": calibration_slope(observed, predicted),
    }


def calibration_slope(observed: Floats, predicted: Floats) -> float:
    """Return the slope of the regression of what is observed on what is predicted; one when it is calibrated.

    Over one: predictions differ too little, as those of a forest that smooths too much. Missing if they do not differ.
    """
    centred = predicted - predicted.mean()
    spread = float(np.mean(centred**2))
    return float(np.mean(centred * observed)) / spread if spread > 0 else np.nan


def _constant(values: Floats, folds: Ints) -> Floats:
    """Return for each person the mean of the persons in other folds; of everybody where there is no other fold."""
    place = np.unique(folds, return_inverse=True)[1]
    sums, counts = np.bincount(place, values), np.bincount(place)
    if len(counts) == 1:
        return np.full(len(values), values.mean())
    constant: Floats = ((sums.sum() - sums) / (counts.sum() - counts))[place]
    return constant


def _log_loss(inside: Floats, probability: Floats) -> float:
    """Return the mean log loss of 0/1 values; probabilities of zero or one are taken as the next number to it."""
    p = np.clip(probability, np.finfo(np.float64).eps, 1 - np.finfo(np.float64).eps)
    return float(-np.mean(inside * np.log(p) + (1 - inside) * np.log1p(-p)))
