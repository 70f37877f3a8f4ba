"""What the fork server loads once, so that a worker starts with all of it in memory.

Only the import matters: `executors` names this module to the server. A few pixels go all the way
through, since numba compiles its kernels once a machine, and loads them from its cache after
that, when they are first called.
"""

import numpy as np

from augcli.config.schema import Config
from augcli.datasets.items import Item
from augcli.images.decode import Picture
from augcli.pipeline.worker import render
from augcli.transforms.ranges import Ranges
from augcli.transforms.recipe import Step


def warm_up() -> None:
    """Renders a copy of a tiny picture, of each number of channels and in each usual format."""
    ranges = Ranges(rotation_range=10.0, channel_shift_range=10.0, brightness_range=[0.9, 1.1])
    for save_format in ("jpeg", "png"):
        config = Config(transforms=[Step(transform=ranges)], save_format=save_format)
        for channels in (1, 2, 3, 4):
            picture = Picture(np.zeros((8, 8, channels), np.uint8), None, ())
            render(config, Item("warm-up", None, None), picture, 0)


warm_up()
