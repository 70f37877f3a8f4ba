"""Augmentor: as many samples as there are to be copies, by its own threads.

It has no shifts, and leaves a black border where it zooms out; the transforms are its nearest to
those of augcli's row. It draws its photos at random rather than taking each in turn, and saves
JPEG by Pillow's default quality, 75: all as its users get it.
"""

import Augmentor
from work import read_work


def main() -> None:
    """Builds the pipeline and samples from it."""
    work = read_work()
    pipeline = Augmentor.Pipeline(work.source, work.output, save_format=work.save_format.upper())
    pipeline.rotate(probability=1, max_left_rotation=15, max_right_rotation=15)
    pipeline.shear(probability=1, max_shear_left=5, max_shear_right=5)
    pipeline.zoom(probability=1, min_factor=0.9, max_factor=1.1)
    pipeline.flip_left_right(probability=0.5)
    pipeline.random_brightness(probability=1, min_factor=0.8, max_factor=1.2)
    pipeline.sample(work.copies * len(work.photos()))


if __name__ == "__main__":
    main()
