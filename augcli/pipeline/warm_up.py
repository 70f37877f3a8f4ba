"""A first copy, made only so that all it takes is loaded.

A few pixels go all the way through, since numba compiles its kernels once a machine, and loads
them from its cache after that, when they are first called.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from augcli.config.schema import Config
from augcli.datasets.items import Item
from augcli.images.decode import Picture
from augcli.kernels import packed
from augcli.pipeline.rendering import render
from augcli.transforms.ranges import Ranges
from augcli.transforms.recipe import Step


def warm_up() -> None:
    """Renders a copy of a tiny RGB picture, as JPEG and as PNG.

    What other pictures need besides, a worker loads when it meets one.
    """
    ranges = Ranges(rotation_range=10.0)
    picture = Picture(packed.empty(8, 8, 3), None, ())
    with _without_blas():
        for save_format in ("jpeg", "png"):
            config = Config(transforms=[Step(transform=ranges)], save_format=save_format)
            render(config, Item("warm-up", None, None), picture, 0)


@contextmanager
def _without_blas() -> Iterator[None]:
    """Hides SciPy's linear algebra, for which numba looks when it compiles or loads its first.

    Finding it takes a quarter of a worker's start, and no kernel of ours calls it.
    """
    name = "scipy.linalg"
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]  # Python's mark for "not to be imported"
    try:
        yield
    finally:
        del sys.modules[name]
