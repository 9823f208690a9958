"""Effects by group and by age, from the scores of the effects."""
