"""The planted truth: every potential outcome, and the true chances of each measure."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tiltakseffekt.core import keys
from tiltakseffekt.core.tables import TableSchema, arrow_schema
from tiltakseffekt.synthetic import schemas
from tiltakseffekt.synthetic.rulebook import FOLLOW, Episodes
from tiltakseffekt.synthetic.tables import strings

_YEARLY = len(keys.MONTHS_IN_WORK)


def truth_table(episodes: Episodes, arms: Sequence[str], identifiers: list[str]) -> pa.Table:
    """Return TRUTH: the outcomes of each planned registration under every arm, from its start or latent start.

    Parameters
    ----------
    episodes
        The planned registrations.
    arms
        Control, then the measures with effects of their own, in the order of the episodes.
    identifiers
        Of the persons.
    """
    facts, count = episodes.facts, len(episodes.facts)
    each = np.repeat(np.arange(count), len(arms))
    arm = np.tile(np.arange(len(arms)), count)
    masks = episodes.months[:, : len(arms)].reshape(-1)
    wages = episodes.wages[:, : len(arms)].reshape(-1, keys.FOLLOW_UP_YEARS)
    worked = _bits(masks)
    columns: dict[str, pa.Array] = {
        "person_id": strings(facts[each, 0], identifiers),
        "registration_month": pa.array(facts[each, 1], type=pa.int32()),
        "arm": strings(arm, list(arms)),
        "start_month": pa.array(facts[each, 2], type=pa.int32()),
    }
    months = worked.reshape(-1, _YEARLY, 12).sum(axis=2, dtype=np.int64)
    for year in range(_YEARLY):
        columns[keys.MONTHS_IN_WORK[year]] = pa.array(months[:, year])
        columns[keys.WAGE_INCOME[year]] = pa.array(wages[:, year].astype(np.int64))
    for month, name in enumerate(keys.IN_WORK):
        columns[name] = pa.array(worked[:, month])
    return _ordered(columns, schemas.TRUTH)


def assignment_table(
    episodes: Episodes, arms: Sequence[str], start_shares: NDArray[np.float64], identifiers: list[str]
) -> pa.Table:
    """Return ASSIGNMENT: the planned arm and start of each registration, and what their chances were.

    Parameters
    ----------
    episodes
        The planned registrations.
    arms
        Control, then the measures with effects of their own; others are counted to the last.
    start_shares
        Shares of start months, (entry groups, months).
    identifiers
        Of the persons.
    """
    facts = episodes.facts
    treated = len(arms) - 1
    chances = episodes.chances[:, :treated].copy()
    chances[:, -1] += episodes.chances[:, treated:-1].sum(axis=1)
    arm = np.minimum(facts[:, 3], treated - 1) + 1
    columns: dict[str, pa.Array] = {
        "person_id": strings(facts[:, 0], identifiers),
        "registration_month": pa.array(facts[:, 1], type=pa.int32()),
        "arm": strings(arm, list(arms)),
        "start_month": pa.array(facts[:, 2], type=pa.int32()),
        "waited": pa.array(facts[:, 7], type=pa.int64()),
        keys.propensity_column(keys.CONTROL): pa.array(episodes.chances[:, -1]),
    }
    for column, name in enumerate(arms[1:]):
        columns[keys.propensity_column(name)] = pa.array(chances[:, column])
    for month in range(start_shares.shape[1]):
        columns[f"start_m{month:02d}"] = pa.array(start_shares[facts[:, 4], month])
    return _ordered(columns, schemas.ASSIGNMENT)


def _bits(masks: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Return the first bits of masks as columns."""
    return (masks[:, None] >> np.arange(FOLLOW, dtype=np.uint64)) & np.uint64(1) == 1


def _ordered(columns: dict[str, pa.Array], schema: TableSchema) -> pa.Table:
    names = [*schema.columns, *(name for name in columns if name not in schema.columns)]
    table = pa.table({name: columns[name] for name in names})
    wanted = arrow_schema(schema, names)
    for place, field in enumerate(wanted):
        if field.type != pa.string() and table.schema.field(place).type != field.type:
            table = table.set_column(place, field.name, table.column(place).cast(field.type))
    return table
