"""augcli's transforms, one by one: a step is drawn and applied, as for a copy.

Runs in augcli's environment. The photo is packed, as decoding a file gives it.
"""

import numpy as np
from pairs import PAIRS
from timing import Call, Photo, answer_questions

from augcli.kernels import packed
from augcli.transforms.base import Sample
from augcli.transforms.recipe import apply_recipe, draw_recipe
from augcli.transforms.step import Step


def _prepare(name: str, photo: Photo) -> Call:
    image = packed.empty(*photo.shape)
    image[:] = photo
    sample = Sample(image, (0, 255))
    steps = [Step.model_validate({name: PAIRS[name].ours})]
    rng = np.random.Generator(np.random.Philox(0))

    def call() -> Sample:
        return apply_recipe(sample, draw_recipe(steps, rng, sample.size))

    return call


if __name__ == "__main__":
    answer_questions(_prepare)
