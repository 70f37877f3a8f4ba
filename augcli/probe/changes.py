"""How a change of accuracy is written."""

from augcli.probe.results import Effect


def points(change: float) -> str:
    """A change with its sign: "-3.8", "+0.0"."""
    return f"{round(change, 1) + 0.0:+.1f}"


def interval(effect: Effect) -> str:
    """The interval: "-6.8 to -0.8"."""
    return f"{points(effect.interval.low)} to {points(effect.interval.high)}"


def measured(effect: Effect) -> str:
    """A change with its interval: "-3.8 points (-6.8 to -0.8)"."""
    return f"{points(effect.change)} points ({interval(effect)})"
