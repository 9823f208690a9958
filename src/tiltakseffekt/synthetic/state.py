"""The state of a person while a life is lived: an array of integers, and the index of each entry."""

from typing import Final

(
    GROUP,  # NAV group, -1 not registered
    PREVIOUS,  # the last NAV group
    REGISTERED,  # first month of the registration
    LAST_REGISTERED,  # last month registered
    LAST_MEASURE,  # last month on a measure
    REGIME,  # group that governs work
    EPISODE,  # month from which the regime counts
    CATEGORY,  # ledighetskategori at that month
    CLEAN_STANDARD,  # whether the episode began clean in standard, which is left only by plan within a year
    W0,  # in work without measures
    W0_SINCE,  # first month of that state
    W,  # in work as lived
    W_SINCE,  # first month of that state
    LUCK,  # month in which the luck that moves work was last renewed
    ACT,  # arm whose effect runs, -1 none
    ACT_START,  # its first month
    MEASURE,  # measure at the moment, -1 none
    STOP,  # its last month
    NEXT,  # measure that follows, -1 none
    NEXT_AT,  # its first month
    LOCK,  # month up to which the person does not leave the register
    SWITCH_AT,  # month of a planned change of group
    SWITCH_TO,  # the group after it
    DRAW,  # number of the draw
    BENEFIT,
    BENEFIT_END,
    DEGREE,
    ENROLLED,
    PAID,  # whether the measure pays tiltakspenger
    STARTS,  # number of spells so far
    JOB,  # first month of the job as lived
    COURSE_END,  # last month of education that comes with a measure
    PLANNED,  # whether the first measure of the episode was planned when it began
    USED,  # number of spells written of all persons
) = range(34)
#: Number of entries.
SIZE: Final = 34
