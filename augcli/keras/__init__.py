"""Keras' ImageDataGenerator and its iterators, on augcli's transforms.

    from augcli.keras import ImageDataGenerator

takes the place of the import from `keras_preprocessing.image`, `keras.preprocessing.image` or
`tensorflow.keras.preprocessing.image`. Keras itself is not needed. docs/keras.md says what
differs, and why.
"""

from augcli.keras.arrays import NumpyArrayIterator
from augcli.keras.dataframe import DataFrameIterator
from augcli.keras.directory import DirectoryIterator
from augcli.keras.generator import ImageDataGenerator
from augcli.keras.iterator import Iterator
from augcli.keras.pictures import array_to_img, img_to_array, load_img, save_img

__all__ = [
    "DataFrameIterator",
    "DirectoryIterator",
    "ImageDataGenerator",
    "Iterator",
    "NumpyArrayIterator",
    "array_to_img",
    "img_to_array",
    "load_img",
    "save_img",
]
