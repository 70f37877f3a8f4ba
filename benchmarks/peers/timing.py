"""What the scripts that time single transforms share: a photo, and the questions they answer."""

import json
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Photo = NDArray[np.uint8]
Call = Callable[[], object]
Prepare = Callable[[str, Photo], Call | None]

_SECONDS = 0.04  # of calls, one at the least, whose median is the answer


def answer_questions(prepare: Prepare) -> None:
    """Answers every line of standard input, the name of a transform, with one of JSON.

    That is the median time of a call in milliseconds, or null where there is none of that name.
    The program's one argument is the path of the photo as .npy, (height, width, 3) of uint8, RGB.

    Args:
        prepare: Makes of a name and a photo what is to be timed, ready to be called; or None.
    """
    photo = np.load(sys.argv[1])
    calls: dict[str, Call | None] = {}
    for line in sys.stdin:
        name = line.strip()
        if name not in calls:
            calls[name] = prepare(name, photo)
            _warm_up(calls[name])
        call = calls[name]
        print(json.dumps(None if call is None else _milliseconds(call)), flush=True)


def _warm_up(call: Call | None) -> None:
    """A call that does not count: it loads and fills what later ones find."""
    if call is not None:
        call()


def _milliseconds(call: Call) -> float:
    times: list[float] = []
    end = time.perf_counter() + _SECONDS
    while not times or time.perf_counter() < end:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return 1e3 * statistics.median(times)
