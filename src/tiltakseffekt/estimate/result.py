"""What an estimation gives: tables, a text to read, figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
from matplotlib.figure import Figure

from tiltakseffekt.estimate.options import Plan, option_values
from tiltakseffekt.estimate.problem import Columns

#: Value of ``group`` in the tests for the differences of all columns of groups together.
ALL_GROUPS: Final = "all groups"
#: A standardised difference above this, after weighting, is remarked on (Austin 2009, Statistics in Medicine 28(25)).
IMBALANCE: Final = 0.1
#: Share of the controls' weight that five of them have above which it is remarked on; chosen.
CONCENTRATION: Final = 0.1
#: Share of the rows whose propensity is raised to the floor above which it is remarked on; chosen.
ON_FLOOR: Final = 0.1


@dataclass(frozen=True, repr=False)
class Effects:
    """Effects of each arm against the control arm.

    Parameters
    ----------
    columns, labels, plan
        What was used as what, the labels of the arms (the controls first), and all settings.
    averages
        A row for each estimand, arm and outcome: ``mean`` (average outcome if everybody were in the arm), ``ATE`` and
        ``ATET``, with standard error, interval, interval that holds for all effects of the estimand at once, p-value,
        and rows in the arm and among the controls.
    covariance
        Joint covariance of all rows of `averages`, by estimand, arm and outcome.
    gate
        Effects on everybody in a group, with their differences from the first group of the column, p-values of the
        differences alone and adjusted for all of one outcome (Holm; Romano and Wolf), and rows of the group and of
        those in the arm. Empty without groups.
    gate_tests
        Wald tests that an effect is the same in all groups of a column, and of all columns.
    overlap
        For each arm percentiles of its propensity in the arm and among the controls, rows raised to the floor, and how
        the weights of the controls are spread under the ATET: how many equal ones they are worth, and the share of the
        five largest.
    balance
        Standardised differences of the covariates between each arm and the controls, before and after weighting.
    nuisances
        Fold, propensities and predictions of each row that is used, under the index of the data frame.
    rows
        Rows given, incomplete, trimmed, used.
    constant
        Encoded covariates that do not vary and were left out.
    """

    columns: Columns
    labels: tuple[Any, ...]
    plan: Plan
    averages: pd.DataFrame
    covariance: pd.DataFrame
    gate: pd.DataFrame
    gate_tests: pd.DataFrame
    overlap: pd.DataFrame
    balance: pd.DataFrame
    nuisances: pd.DataFrame
    rows: pd.DataFrame
    constant: tuple[str, ...]

    @property
    def ate(self) -> pd.DataFrame:
        """Return the average effects on everybody."""
        return self.averages[self.averages["estimand"] == "ATE"].reset_index(drop=True)

    @property
    def atet(self) -> pd.DataFrame:
        """Return the average effects on those in the arm."""
        return self.averages[self.averages["estimand"] == "ATET"].reset_index(drop=True)

    def table(self) -> pd.DataFrame:
        """Return all effects as one tidy table: ATE, ATET, and GATE with its group and level."""
        averages = self.averages[self.averages["estimand"] != "mean"]
        shared = ["estimand", "arm", "outcome", "group", "level", "estimate", "se", "low", "high", "p_value"]
        if self.gate.empty:
            return averages[[name for name in shared if name in averages]].reset_index(drop=True)
        # The p-value of a group is that of a difference, another question than that of the rows above.
        gate = self.gate.assign(estimand="GATE").drop(columns="p_value")
        both = pd.concat([averages.assign(group="", level=""), gate], ignore_index=True)
        return both[shared]

    def remarks(self) -> tuple[str, ...]:
        """Return what speaks against trusting the estimates, a sentence each; nothing if nothing was found."""
        return tuple(self._remarks())

    def _remarks(self) -> Iterator[str]:
        for row in self.overlap.to_dict("records"):
            if (share := row["largest_weights"]) > CONCENTRATION:
                yield f"arm {row['arm']}: five controls have {share:.0%} of the weight of all (ATET)."
            if (share := row["raised"] / self.used) > ON_FLOOR:
                yield f"arm {row['arm']}: {share:.0%} of the rows are under the floor of propensities (ATE)."
        for arm, part in self.balance.groupby("arm", sort=False):
            if unbalanced := int((part["after"].abs() > IMBALANCE).sum()):
                yield f"arm {arm}: {unbalanced} covariates differ by more than {IMBALANCE} after weighting."
        if self.constant:
            yield f"{len(self.constant)} covariates do not vary and are left out."

    @property
    def used(self) -> int:
        """Return the number of rows that the effects are about."""
        return int(self.rows.loc[self.rows["rows"] == "used", "count"].iloc[0])

    def summary(self) -> str:
        """Return the result as a text of some lines."""
        plan, options = self.plan, option_values(self.plan)
        confidence = f"{plan.effects.confidence:.4g}"
        counts = ", ".join(f"{count} {name}" for name, count in zip(self.rows["rows"], self.rows["count"], strict=True))
        shown = ("learner", "folds", "repetitions", "trees", "weights", "trim", "clip", "seed")
        lines = [
            f"Effects of {self.columns.arm} against {self.labels[0]} on {', '.join(self.columns.outcomes)}",
            f"rows: {counts}",
            ", ".join(f"{name} {options[name]}" for name in shown),
            "",
            _shown(self.averages[self.averages["estimand"] != "mean"], "n_arm", "n_control", confidence),
        ]
        if not self.gate.empty:
            lines += [
                "",
                "Effects by group (GATE); difference from the first level of the group, p adjusted for all",
                "",
            ]
            lines += [_shown_gate(self.gate, confidence)]
        lines += ["", *self._overlap_lines()]
        if remarks := self.remarks():
            lines += ["", "Look at this before you trust it:", *(f"- {remark}" for remark in remarks)]
        return "\n".join(lines)

    def _overlap_lines(self) -> Iterator[str]:
        absolute = self.balance[["before", "after"]].abs()
        worst = absolute.groupby(self.balance["arm"], sort=False).max()
        for row in self.overlap.to_dict("records"):
            before, after = worst.loc[row["arm"]]
            yield (
                f"arm {row['arm']}: the weighted controls are worth {row['effective_controls']:.0f} of "
                f"{row['n_control']}; the largest difference of a covariate is {before:.2f} before, {after:.2f} after"
            )

    def __repr__(self) -> str:
        """Return the summary."""
        return self.summary()

    def plot(self) -> Figure:
        """Draw effects and effects by group with their intervals, a panel for each outcome."""
        from tiltakseffekt.estimate.drawing import draw_effects

        return draw_effects(self.table(), self.columns.outcomes)

    def plot_balance(self, most: int = 25) -> Figure:
        """Draw standardised differences before and after weighting, a panel for each arm.

        Parameters
        ----------
        most
            Covariates that are shown: those that differ most before weighting.
        """
        from tiltakseffekt.estimate.drawing import draw_balance

        return draw_balance(self.balance, most, IMBALANCE)


def _number(value: float) -> str:
    return "" if pd.isna(value) else f"{value:.4g}" if abs(value) < 1000 else f"{value:.0f}"


def _shown(averages: pd.DataFrame, n_arm: str, n_control: str, confidence: str) -> str:
    table = averages[["outcome", "arm", "estimand"]].copy()
    table["estimate"] = averages["estimate"].map(_number)
    table["se"] = averages["se"].map(_number)
    table[f"{confidence} interval"] = _interval(averages)
    table["p"] = averages["p_value"].map("{:.3f}".format)
    return table.assign(n_arm=averages[n_arm], n_control=averages[n_control]).to_string(index=False)


def _shown_gate(gate: pd.DataFrame, confidence: str) -> str:
    table = gate[["outcome", "arm", "group", "level"]].copy()
    table["estimate"], table["se"] = gate["estimate"].map(_number), gate["se"].map(_number)
    table[f"{confidence} interval"] = _interval(gate)
    table["difference"] = gate["difference"].map(_number)
    table["p"] = gate["p_romano_wolf"].map(lambda p: "" if pd.isna(p) else f"{p:.3f}")
    return table.assign(n=gate["n"], n_arm=gate["n_arm"]).to_string(index=False)


def _interval(table: pd.DataFrame) -> list[str]:
    return [f"{_number(low)} to {_number(high)}" for low, high in zip(table["low"], table["high"], strict=True)]
