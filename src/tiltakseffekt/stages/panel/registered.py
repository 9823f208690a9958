"""Who counts as registered with NAV: all in the register but some of the sick-listed (lines 1047-1049)."""

from typing import Final

from tiltakseffekt.core.codebook import FOLLOWED_AT_WORK
from tiltakseffekt.stages.clean.database import literal

_CODE: Final = literal(FOLLOWED_AT_WORK)

#: SQL of the rows of clean ``nav_status`` that count (effektrapport_2024 lines 1047-1049). The sick-listed with
#: follow-up at the workplace count only when one of the 24 months before has another code; codes of that kind do not
#: count for each other, or all but the first month of each would. ``{nav_status}`` is the table.
REGISTERED: Final = f"""
SELECT * EXCLUDE (latest_other) FROM (
    SELECT *, max(CASE WHEN kvalifiseringsgruppe <> {_CODE} THEN month END)
        OVER (PARTITION BY person_id ORDER BY month) AS latest_other
    FROM {{nav_status}}
)
WHERE kvalifiseringsgruppe <> {_CODE} OR month - latest_other <= 24
"""
