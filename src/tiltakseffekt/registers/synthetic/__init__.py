"""The synthetic provider: registers of made-up persons with known effects, and the planted truth."""
