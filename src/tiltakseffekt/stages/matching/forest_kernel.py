"""The compiled part of the honest forest: trees that are grown, filled and asked in one pass, and not kept.

The terms are those of Wager and Athey (2018) and Athey, Tibshirani and Wager (2019). A tree owns two disjoint sets of
rows: *growing* rows choose the splits, *filling* rows give the leaves their means (honesty). Both, and the *new* rows
that are to be predicted, walk down the tree together: each node holds a stretch of three index arrays, a split divides
the stretches, and a leaf adds the mean of its filling rows to its new rows. What is stored is one path of the tree.

Outcomes share the tree: a split maximises the sum over outcomes of the reduction of the standardised squared error.
With sums S over the m rows of a child of a node of n rows, centred on the node, it is ||S||^2 n / (m (n - m)). Labels
are counted instead of summed, which is the same on their indicators.

Random numbers belong to the place in the tree and not to the order of work (`core.dice`), so that a branch that holds
no new rows need not be grown.
"""

from math import ceil
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from tiltakseffekt.core.dice import derived, roll

Codes = npt.NDArray[np.uint8]
Rows = npt.NDArray[np.uint32]

#: Sums of outcomes run over this many at a time, in a fixed order on any processor; columns are filled up with zeros.
LANES = 8
#: A split has to be better than the best so far by this share, so that rounding does not decide between equals.
_CLEARLY = 1.0 + 1e-6


class Training(NamedTuple):
    """Rows from which a forest learns: labels (`standardised` has no columns) or outcomes (`labels` is empty)."""

    #: Bins of the covariates, shape (p, rows).
    codes: Codes
    #: Highest bin of each covariate.
    highest: Codes
    #: Classes 0 ... of the rows.
    labels: Codes
    #: Weight of each class in the splits: one divided by the variance of its indicator.
    weights: npt.NDArray[np.float64]
    #: Outcomes in their own unit, shape (rows, outcomes).
    outcomes: npt.NDArray[np.float64]
    #: Outcomes with mean 0 and variance 1, filled up to a multiple of `LANES` columns.
    standardised: npt.NDArray[np.float32]


class Rules(NamedTuple):
    """How trees grow."""

    #: Rows drawn for a tree, and how many of them grow it.
    drawn: int
    growing: int
    #: Variables tried at each split.
    variables: int
    #: A node with this many growing rows or fewer is not split.
    smallest_node: int
    #: Each child holds at least this share of the growing rows of its parent.
    balance: float


class Workspace(NamedTuple):
    """What the nodes of a tree use in turn, so that nothing is allocated in the tree."""

    #: The growing rows of the tree: bins, and labels or standardised outcomes.
    codes: Codes
    labels: Codes
    standardised: npt.NDArray[np.float32]
    #: Outcomes of a node, centred on it.
    centred: npt.NDArray[np.float32]
    #: Chains of the rows of a node in each bin: the first, and the next after each row. Faster than to sort them.
    head: Rows
    after: Rows
    #: Rows of a node in each bin, or in each bin and class; zero between uses.
    counts: npt.NDArray[np.int64]
    #: Sums over rows of a node: of outcomes, of labels in the node and on the left of a split, in a leaf.
    sums: npt.NDArray[np.float32]
    whole: npt.NDArray[np.int64]
    left: npt.NDArray[np.int64]
    means: npt.NDArray[np.float64]
    variables: npt.NDArray[np.int64]
    #: Nodes to come: their stretches of the three kinds of rows, their keys, and the range of bins of each variable.
    stretches: npt.NDArray[np.int64]
    keys: npt.NDArray[np.uint64]
    lowest: Codes
    highest: Codes


@njit(cache=True, nogil=True, error_model="numpy")
def add_trees(training: Training, new: Codes, rules: Rules, seed: np.uint64, first: int, last: int, total: Any) -> None:
    """Add the predictions of trees `first` ... `last` - 1 for the new rows to `total`, shape (new rows, outcomes)."""
    work = new_workspace(training, rules, total.shape[1])
    order = np.empty(training.codes.shape[1], np.uint32)
    for tree in range(first, last):
        key = derived(seed, tree)
        _draw_rows(order, rules.drawn, key)
        add_tree(training, new, rules, key, order[: rules.growing], order[rules.growing : rules.drawn], work, total)


@njit(cache=True, error_model="numpy")
def new_workspace(training: Training, rules: Rules, width: int) -> Workspace:
    """Return room for trees that predict `width` outcomes or classes."""
    p, size, lanes = training.codes.shape[0], rules.growing, training.standardised.shape[1]
    return Workspace(
        np.empty((p, size), np.uint8),
        np.zeros(size, np.uint8),
        np.empty((size, lanes), np.float32),
        np.empty((size, lanes), np.float32),
        np.empty(256, np.uint32),
        np.empty(size, np.uint32),
        np.zeros(256 * width, np.int64),
        np.empty(lanes, np.float32),
        np.empty(width, np.int64),
        np.empty(width, np.int64),
        np.empty(width, np.float64),
        np.empty(p, np.int64),
        np.empty((size + 2, 6), np.int64),
        np.empty(size + 2, np.uint64),
        np.empty((size + 2, p), np.uint8),
        np.empty((size + 2, p), np.uint8),
    )


@njit(cache=True, error_model="numpy")
def _draw_rows(order: Rows, drawn: int, key: np.uint64) -> None:
    """Put a random subsample without replacement into the first `drawn` places."""
    size = len(order)
    for i in range(size):
        order[i] = i
    for i in range(drawn):
        j = i + int(roll(key, 0, i) * (size - i))
        order[i], order[j] = order[j], order[i]


@njit(cache=True, error_model="numpy")
def add_tree(
    training: Training, new: Codes, rules: Rules, key: np.uint64, growing: Rows, filling: Rows, work: Any, total: Any
) -> None:
    """Grow one tree on the rows `growing`, fill it with the rows `filling`, and add what it predicts to `total`.

    A node whose child would hold no filling rows gives way to its other child, so that every node has some. `filling`
    is put into another order.
    """
    _gather(training, growing, work)
    rows = _ordered_by_label(work.labels, len(training.weights), len(growing))
    asked = np.arange(new.shape[1]).astype(np.uint32)
    spare = np.empty(max(len(growing), len(filling), len(asked)), np.uint32)
    stretches, keys, lowest, highest = work.stretches, work.keys, work.lowest, work.highest
    stretches[0, 0], stretches[0, 1], stretches[0, 2] = 0, 0, 0
    stretches[0, 3], stretches[0, 4], stretches[0, 5] = len(rows), len(filling), len(asked)
    keys[0] = derived(key, 1)
    lowest[0], highest[0] = 0, training.highest
    depth = 0
    while depth >= 0:
        node = keys[depth]
        g0, f0, n0, g1, f1, n1 = stretches[depth]
        low, high = lowest[depth], highest[depth]
        variable, cut = -1, 0
        if g1 - g0 > rules.smallest_node:
            if len(training.labels) > 0:
                variable, cut = _best_class_split(training.weights, rules, node, rows, g0, g1, low, high, work)
            else:
                variable, cut = _best_outcome_split(rules, node, rows, g0, g1, low, high, work)
        if variable < 0:
            _fill_leaf(training, filling, f0, f1, asked, n0, n1, work.means, total)
            depth -= 1
            continue
        g = _partition(work.codes, variable, cut, rows, g0, g1, spare)
        f = _partition(training.codes, variable, cut, filling, f0, f1, spare)
        n = n0 if f == f0 else n1 if f == f1 else _partition(new, variable, cut, asked, n0, n1, spare)
        # The right child takes the place of its parent, the left one the next, so that it comes first.
        depth -= 1
        if n < n1:
            depth += 1
            stretches[depth, 0], stretches[depth, 1], stretches[depth, 2] = g, f, n
            keys[depth] = derived(node, 1)
        if n0 < n:
            depth += 1
            stretches[depth, 0], stretches[depth, 1], stretches[depth, 2] = g0, f0, n0
            stretches[depth, 3], stretches[depth, 4], stretches[depth, 5] = g, f, n
            keys[depth] = derived(node, 0)
            if n < n1:
                lowest[depth], highest[depth] = lowest[depth - 1], highest[depth - 1]
                lowest[depth - 1, variable] = cut + 1
            highest[depth, variable] = cut
        elif n < n1:
            lowest[depth, variable] = cut + 1


@njit(cache=True, error_model="numpy")
def _gather(training: Training, growing: Rows, work: Any) -> None:
    """Lay the growing rows of a tree side by side, where the cache holds them."""
    codes, labels, standardised = training.codes, training.labels, training.standardised
    own_codes, own_labels, own_standardised = work.codes, work.labels, work.standardised
    for j in range(len(codes)):
        for i in range(len(growing)):
            own_codes[j, i] = codes[j, growing[i]]
    for i in range(len(growing)):
        if len(labels) > 0:
            own_labels[i] = labels[growing[i]]
        for k in range(standardised.shape[1]):
            own_standardised[i, k] = standardised[growing[i], k]


@njit(cache=True, error_model="numpy")
def _ordered_by_label(labels: Codes, classes: int, size: int) -> Rows:
    """Return 0 ... `size` - 1, those of one label together; `_partition` keeps them so in each node."""
    rows, place = np.arange(size).astype(np.uint32), 0
    for c in range(classes):
        for i in range(size):
            if labels[i] == c:
                rows[place] = i
                place += 1
    return rows


@njit(cache=True, error_model="numpy")
def _partition(codes: Codes, variable: int, cut: int, rows: Rows, start: int, stop: int, spare: Rows) -> int:
    """Put the rows with a code up to `cut` first, in the same order; return where the others begin."""
    middle, moved = start, 0
    for i in range(start, stop):
        row = rows[i]
        is_left = codes[variable, row] <= cut
        rows[middle] = row
        spare[moved] = row
        middle += is_left
        moved += not is_left
    for i in range(moved):
        rows[middle + i] = spare[i]
    return middle


@njit(cache=True, error_model="numpy")
def _next_variable(variables: Any, tried: int, node: np.uint64) -> int:
    """Draw one of the variables not tried in this node."""
    j = tried + int(roll(node, 2, tried) * (len(variables) - tried))
    variables[tried], variables[j] = variables[j], variables[tried]
    return variables[tried]


@njit(cache=True, error_model="numpy")
def _best_class_split(
    weights: Any, rules: Rules, node: Any, rows: Rows, start: int, stop: int, lowest: Codes, highest: Codes, work: Any
) -> tuple[int, int]:
    """Return the variable and the last bin on the left of the best split; -1 if there is none.

    The range of bins of each variable is narrowed to what the node holds, for itself and those below it.
    """
    size, classes = stop - start, len(weights)
    labels, counts, left, whole = work.labels, work.counts, work.left, work.whole
    whole[:] = 0
    for i in range(start, stop):
        whole[labels[rows[i]]] += 1
    if whole[labels[rows[start]]] == size:
        return -1, 0
    smallest = max(1, ceil(rules.balance * size))
    variables, all_codes = work.variables, work.codes
    for j in range(len(variables)):
        variables[j] = j
    best, best_variable, best_cut = -1.0, -1, 0
    for tried in range(rules.variables):
        variable = _next_variable(variables, tried, node)
        low, high = int(lowest[variable]), int(highest[variable])
        if low == high:
            continue
        codes = all_codes[variable]
        last = start
        for c in range(classes):
            first, last = last, last + whole[c]
            if high == low + 1:
                # A register is faster than memory.
                upper = 0
                for i in range(first, last):
                    upper += codes[rows[i]] == high
                counts[low * classes + c] = last - first - upper
                counts[high * classes + c] = upper
            else:
                for i in range(first, last):
                    counts[codes[rows[i]] * classes + c] += 1
        left[:] = 0
        m, before, pending = 0, 0, False
        for code in range(low, high + 1):
            here = 0
            for c in range(classes):
                here += counts[code * classes + c]
            if here == 0:
                continue
            if pending:
                best_variable, best_cut, pending = variable, (before + code) // 2, False
            if m == 0:
                lowest[variable] = code
            m += here
            before = code
            for c in range(classes):
                left[c] += counts[code * classes + c]
                counts[code * classes + c] = 0
            if m < smallest or size - m < smallest:
                continue
            gain = 0.0
            for c in range(classes):
                # The sum of the indicators centred on the node, times the size of the node.
                centred = float(left[c] * size - whole[c] * m)
                gain += weights[c] * centred * centred
            gain /= float(m * (size - m))
            if gain > best * _CLEARLY:
                best, pending = gain, True
        highest[variable] = before
    return best_variable, best_cut


@njit(cache=True, error_model="numpy")
def _best_outcome_split(
    rules: Rules, node: Any, rows: Rows, start: int, stop: int, lowest: Codes, highest: Codes, work: Any
) -> tuple[int, int]:
    """Return the variable and the last bin on the left of the best split; -1 if there is none.

    Ranges of bins are narrowed as for classes.
    Rows of the fullest bin are never summed: splits below it are summed from the lowest bin up, splits above it from
    the highest down, which with sums centred on the node is as good. Most covariates are indicators or mostly zero.
    """
    size = stop - start
    if not _centre(rows, start, stop, work):
        return -1, 0
    smallest = max(1, ceil(rules.balance * size))
    counts, head, after, sums, centred = work.counts, work.head, work.after, work.sums, work.centred
    variables, all_codes = work.variables, work.codes
    for j in range(len(variables)):
        variables[j] = j
    best, best_variable, best_cut = -1.0, -1, 0
    for tried in range(rules.variables):
        variable = _next_variable(variables, tried, node)
        low, high = int(lowest[variable]), int(highest[variable])
        if low == high:
            continue
        codes = all_codes[variable]
        if high == low + 1:
            # Two bins, as most covariates have: registers are faster than memory, and there is but one split.
            upper, head_low, head_high = 0, np.uint32(0), np.uint32(0)
            for i in range(size):
                is_upper = codes[rows[start + i]] == high
                upper += is_upper
                after[i] = head_high if is_upper else head_low
                head_high = np.uint32(i) if is_upper else head_high
                head_low = head_low if is_upper else np.uint32(i)
            m = min(upper, size - upper)
            if m == 0:
                lowest[variable], highest[variable] = (high, high) if upper > 0 else (low, low)
            elif m >= smallest:
                sums[:] = 0.0
                _add_chain(sums, centred, head_high if m == upper else head_low, after, m)
                gain = _squared_norm(sums) * size / float(m * (size - m))
                if gain > best * _CLEARLY:
                    best, best_variable, best_cut = gain, variable, low
            continue
        for i in range(size):
            code = codes[rows[start + i]]
            counts[code] += 1
            after[i] = head[code]
            head[code] = i
        while counts[low] == 0:
            low += 1
        while counts[high] == 0:
            high -= 1
        lowest[variable], highest[variable] = low, high
        fullest, below, m = low, 0, 0
        for code in range(low, high + 1):
            if counts[code] > counts[fullest]:
                fullest, below = code, m
            m += counts[code]
        above = size - below - counts[fullest]
        if max(below, above) >= smallest:
            for step, code, outside in ((1, low, below), (-1, high, above)):
                if outside < smallest:
                    continue
                sums[:] = 0.0
                m, before, pending = 0, 0, False
                while True:
                    count = counts[code]
                    if count > 0:
                        if pending:
                            best_variable, best_cut, pending = variable, (before + code) // 2, False
                        if code == fullest:
                            break
                        _add_chain(sums, centred, head[code], after, count)
                        m += count
                        before = code
                        if m >= smallest and size - m >= smallest:
                            gain = _squared_norm(sums) * size / float(m * (size - m))
                            if gain > best * _CLEARLY:
                                best, pending = gain, True
                    code += step
        for code in range(low, high + 1):
            counts[code] = 0
    return best_variable, best_cut


@njit(cache=True, error_model="numpy")
def _centre(rows: Rows, start: int, stop: int, work: Any) -> bool:
    """Write the outcomes of a node, centred on its mean; return whether any two rows differ."""
    y, centred, mean = work.standardised, work.centred, work.sums
    lanes = len(mean)
    first, differ = rows[start], False
    for i in range(start + 1, stop):
        for k in range(lanes):
            if y[rows[i], k] != y[first, k]:
                differ = True
                break
        if differ:
            break
    if not differ:
        return False
    size, after = stop - start, work.after
    for i in range(size):
        after[i] = i + 1
        for k in range(lanes):
            centred[i, k] = y[rows[start + i], k]
    mean[:] = 0.0
    _add_chain(mean, centred, np.uint32(0), after, size)
    for k in range(lanes):
        mean[k] /= np.float32(size)
    for i in range(size):
        for k in range(lanes):
            centred[i, k] -= mean[k]
    return True


@njit(cache=True, error_model="numpy")
def _add_chain(sums: Any, values: Any, row: Any, after: Rows, count: int) -> None:
    """Add `count` rows of values to sums, four at a time: `row` and those that come after it."""
    lanes = len(sums)
    for _ in range(count // 4):
        second = after[row]
        third = after[second]
        fourth = after[third]
        for k in range(lanes):
            sums[k] += (values[row, k] + values[second, k]) + (values[third, k] + values[fourth, k])
        row = after[fourth]
    for _ in range(count % 4):
        for k in range(lanes):
            sums[k] += values[row, k]
        row = after[row]


@njit(cache=True, error_model="numpy")
def _squared_norm(sums: Any) -> float:
    a = b = c = d = e = f = g = h = np.float32(0.0)
    for k in range(0, len(sums), LANES):
        a += sums[k] * sums[k]
        b += sums[k + 1] * sums[k + 1]
        c += sums[k + 2] * sums[k + 2]
        d += sums[k + 3] * sums[k + 3]
        e += sums[k + 4] * sums[k + 4]
        f += sums[k + 5] * sums[k + 5]
        g += sums[k + 6] * sums[k + 6]
        h += sums[k + 7] * sums[k + 7]
    return float((a + b) + (c + d)) + float((e + f) + (g + h))


@njit(cache=True, error_model="numpy")
def _fill_leaf(
    training: Training, filling: Rows, f0: int, f1: int, asked: Rows, n0: int, n1: int, means: Any, total: Any
) -> None:
    """Add the mean of the filling rows of a leaf to its new rows."""
    labels, outcomes = training.labels, training.outcomes
    means[:] = 0.0
    for i in range(f0, f1):
        if len(labels) > 0:
            means[labels[filling[i]]] += 1.0
        else:
            for k in range(len(means)):
                means[k] += outcomes[filling[i], k]
    means /= f1 - f0
    for i in range(n0, n1):
        for k in range(len(means)):
            total[asked[i], k] += means[k]
