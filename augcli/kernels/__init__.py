"""Arrays in, arrays out: the loops that have to be quick.

This room knows nothing of the rest of augcli. Importing it loads no numba; its submodules do, and
`kernels.filters` is loaded when it is first used. So transforms, whose settings a run's parent
reads, can say `from augcli import kernels` at their top.

All arithmetic is strict IEEE, without fastmath, so every CPU gives the same bytes. numba's cache
watches the file of a kernel and none that it calls functions of: who edits one of those here
removes `__pycache__`.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    from augcli.kernels import (
        blending,
        colors,
        contrast,
        convolution,
        deflate,
        edges,
        filters,
        flips,
        grids,
        lines,
        medians,
        noise,
        packed,
        philox,
        plane,
        png,
        resizing,
        tables,
        warp,
    )

    __all__ = [
        "blending",
        "colors",
        "contrast",
        "convolution",
        "deflate",
        "edges",
        "filters",
        "flips",
        "grids",
        "lines",
        "medians",
        "noise",
        "packed",
        "philox",
        "plane",
        "png",
        "resizing",
        "tables",
        "warp",
    ]


def __getattr__(name: str) -> "ModuleType":
    if name in {module.name for module in iter_modules(__path__)}:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
