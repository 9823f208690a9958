"""From labour-market register data to an evaluation report in which every figure traces to one rule."""


def __getattr__(name: str) -> object:
    """Return `estimate_effects`, loaded when it is asked for: each job of the workflow imports this package."""
    if name == "estimate_effects":
        from tiltakseffekt.estimate import estimate_effects

        return estimate_effects
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
