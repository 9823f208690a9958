"""Who is in the effect sample, when they were first registered, what was known about them then."""
