"""Trains a small network on augmented digits, with scikit-learn and nothing else.

    pip install augcli scikit-learn
    python examples/train_digits.py

The training loop is the one that Keras' documentation shows: `fit` measures the images, `flow`
gives batches for ever, and the loop counts the batches of an epoch. With so few training images
(20 of each digit), those that are moved a little teach the network more than the same ones again.
"""

import argparse
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

from augcli.keras import ImageDataGenerator

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]

MOVES: dict[str, Any] = {
    "rotation_range": 12,
    "width_shift_range": 0.08,
    "height_shift_range": 0.08,
    "shear_range": 8,
    "zoom_range": 0.12,
    "fill_mode": "constant",
}


def train(generator: ImageDataGenerator, x: Floats, y: Labels, epochs: int) -> MLPClassifier:
    """A network trained on `epochs` passes through what the generator makes of the images."""
    generator.fit(x)
    model = MLPClassifier(hidden_layer_sizes=(128,), learning_rate_init=0.004, random_state=0)
    batches = generator.flow(x, y, batch_size=32, seed=0)
    for _ in range(epochs * len(batches)):
        images, labels = next(batches)
        model.partial_fit(images.reshape(len(images), -1), labels, classes=np.arange(10))
    return model


def accuracy(model: MLPClassifier, generator: ImageDataGenerator, x: Floats, y: Labels) -> float:
    """Share of images that the network recognises, standardised as those it was trained on."""
    images = generator.standardize(x.copy())
    return float(model.score(images.reshape(len(images), -1), y))


def main() -> None:
    """Trains with and without augmentation, and prints how well either does."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=100)
    epochs = parser.parse_args().epochs
    digits = load_digits()
    x = digits.images[..., None].astype(np.float32)  # (1797, 8, 8, 1), levels 0 to 16
    x_train, x_test, y_train, y_test = train_test_split(
        x, digits.target, train_size=200, stratify=digits.target, random_state=0
    )
    print(f"{len(x_train)} images to train on, {len(x_test)} to test with, {epochs} epochs")
    for name, moves in {"as they are": {}, "augmented": MOVES}.items():
        generator = ImageDataGenerator(
            featurewise_center=True, featurewise_std_normalization=True, **moves
        )
        model = train(generator, x_train, y_train, epochs)
        print(f"{name}: {accuracy(model, generator, x_test, y_test):.1%} recognised")


if __name__ == "__main__":
    main()
