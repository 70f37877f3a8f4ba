"""Keras: `flow_from_directory` with `save_to_dir`, read until all copies are there.

This is how its users fill a folder, and it is one process. It always resizes to a target size and
stretches the contrast of what it saves; JPEG gets Pillow's default quality, 75. Keras-Preprocessing
1.1.2 is the last release of the code as a package of its own.
"""

from keras_preprocessing.image import ImageDataGenerator
from scipy import ndimage
from work import read_work

# The name by which Keras-Preprocessing calls SciPy's functions: old SciPy's, deprecated since.
ndimage.interpolation = ndimage

_BATCH = 32  # flow_from_directory's default


def main() -> None:
    """Reads every photo as many times as there are to be copies."""
    work = read_work()
    if work.target_size is None:
        raise SystemExit("Keras needs a --target-size")
    generator = ImageDataGenerator(
        rotation_range=15,
        width_shift_range=0.1,
        height_shift_range=0.1,
        shear_range=5,
        zoom_range=0.1,
        brightness_range=(0.8, 1.2),
        horizontal_flip=True,
        fill_mode="nearest",
    )
    batches = generator.flow_from_directory(
        work.source,
        target_size=work.target_size,
        batch_size=_BATCH,
        save_to_dir=work.output,
        save_format=work.save_format,
    )
    for _ in range(work.copies * len(batches)):
        next(batches)


if __name__ == "__main__":
    main()
