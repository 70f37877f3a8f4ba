"""Trains small convolutional networks with and without copies, and says what they read right.

    python train.py TASK.json

Runs in an environment with PyTorch, on one thread of the CPU. `Task` is what the file holds. Every
fit becomes a line of the results; those that stand there already are not done again, so a run
that was stopped goes on.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import nn

_SIDE = 32
_BATCH = 32
_AT_ONCE = 500  # images that a trained network reads at once
_RATE = 3e-3  # the highest of the one-cycle schedule, for Adam
_DECAY = 1e-4
_DROPOUT = 0.3


@dataclass(frozen=True)
class Task:
    """What is to be trained.

    Attributes:
        source: A folder of class folders.
        untouched: One of other images of the same classes. If there is one, networks learn from
            all of the source and are judged on these; if not, folds of the source are held out.
        outputs: Of each arm, what augcli made of the source.
        steps: Of the optimiser, in every fit.
        folds: Parts of the source, of which one after the other is held out.
        repeats: How often they are cut anew; with untouched images, how many first weights there
            are.
        minutes: Begins no fit after so many.
        results: The file of lines, one a fit: its repeat, fold (0 with untouched images) and arm
            ("" without copies), and for each image that it was judged on, in the order of their
            paths, "1" if it was read right, else "0".
    """

    source: str
    untouched: str | None
    outputs: dict[str, str]
    steps: int
    folds: int
    repeats: int
    minutes: float
    results: str


@dataclass(frozen=True)
class Pictures:
    """Images and their classes.

    Attributes:
        values: (images, 3, side, side), bytes.
        labels: (images,), from 0.
    """

    values: np.ndarray
    labels: np.ndarray

    def where(self, chosen: np.ndarray) -> "Pictures":
        """Some of them."""
        return Pictures(self.values[chosen], self.labels[chosen])


@dataclass(frozen=True)
class Material:
    """What networks learn from and are judged on.

    Attributes:
        source: The images of the source.
        copies: Of each arm, (images, copies, 3, side, side).
        untouched: The images of that folder.
    """

    source: Pictures
    copies: dict[str, np.ndarray]
    untouched: Pictures | None


def main() -> None:
    """Does what is not done yet."""
    with open(sys.argv[1], encoding="utf-8") as file:
        task = Task(**json.load(file))
    torch.set_num_threads(1)
    # Weights that fade away end as numbers too small for the fast path of the processor.
    torch.set_flush_denormal(True)
    until = time.monotonic() + 60 * task.minutes
    material = _load(task)
    done = _done(task.results)
    for repeat, fold, held_out in _splits(task, material):
        for arm in ("", *task.outputs):
            if (repeat, fold, arm) in done:
                continue
            if time.monotonic() > until:
                return
            right = _fit(task, material, arm, held_out, seed=1000 * repeat + fold)
            line = {"repeat": repeat, "fold": fold, "arm": arm}
            line["right"] = "".join("1" if one else "0" for one in right)
            with open(task.results, "a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")


def _done(results: str) -> set[tuple[int, int, str]]:
    if not os.path.exists(results):
        return set()
    with open(results, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    return {(line["repeat"], line["fold"], line["arm"]) for line in lines}


def _splits(task: Task, material: Material) -> Iterator[tuple[int, int, np.ndarray]]:
    """Each split: its repeat, its fold, and which images of the source it holds out."""
    labels = material.source.labels
    for repeat in range(task.repeats):
        if material.untouched is not None:
            yield repeat, 0, np.zeros(len(labels), bool)
            continue
        folds = _draw_folds(labels, task.folds, np.random.default_rng(repeat))
        for fold in range(task.folds):
            yield repeat, fold, folds == fold


def _draw_folds(labels: np.ndarray, folds: int, rng: np.random.Generator) -> np.ndarray:
    """The fold of each image; each class is dealt out evenly."""
    order = rng.permutation(len(labels))
    order = order[np.argsort(labels[order], kind="stable")]
    dealt = np.empty(len(labels), int)
    dealt[order] = np.arange(len(labels)) % folds
    return dealt


def _load(task: Task) -> Material:
    paths = _paths(task.source)
    return Material(
        source=_pictures(task.source),
        copies={arm: _copies(output, paths) for arm, output in task.outputs.items()},
        untouched=_pictures(task.untouched) if task.untouched else None,
    )


def _paths(folder: str) -> list[str]:
    """CLASS/NAME of each image, sorted."""
    return [
        f"{label}/{name}"
        for label in sorted(os.listdir(folder))
        for name in sorted(os.listdir(os.path.join(folder, label)))
    ]


def _pictures(folder: str) -> Pictures:
    paths = _paths(folder)
    classes = sorted(os.listdir(folder))
    values = np.stack([_read(os.path.join(folder, path)) for path in paths])
    return Pictures(values, np.array([classes.index(path.split("/")[0]) for path in paths]))


def _copies(output: str, paths: list[str]) -> np.ndarray:
    """The copies of each source, by the manifest."""
    of_source: dict[str, list[np.ndarray]] = {path: [] for path in paths}
    with open(os.path.join(output, "manifest.jsonl"), encoding="utf-8") as manifest:
        for line in map(json.loads, manifest):
            of_source[line["source"]].append(_read(os.path.join(output, line["file_name"])))
    return np.stack([np.stack(of_source[path]) for path in paths])


def _read(path: str) -> np.ndarray:
    with Image.open(path) as image:
        small = image.convert("RGB").resize((_SIDE, _SIDE), Image.Resampling.BOX)
    return np.asarray(small).transpose(2, 0, 1)


def _fit(task: Task, material: Material, arm: str, held_out: np.ndarray, seed: int) -> np.ndarray:
    """Which of the images that it is judged on a network reads right.

    The network starts from the same weights in every arm of a split, and takes as many steps.
    """
    known = material.source.where(~held_out)
    mean, deviation = np.float32(known.values.mean()), np.float32(known.values.std())
    if arm:
        known = _with_copies(known, material.copies[arm][~held_out])
    judged = material.untouched or material.source.where(held_out)

    def as_input(values: np.ndarray) -> torch.Tensor:
        standard = torch.from_numpy((values.astype(np.float32) - mean) / deviation)
        # Convolutions on a CPU are the faster for it.
        return standard.contiguous(memory_format=torch.channels_last)

    torch.manual_seed(seed)
    model = _network(int(material.source.labels.max()) + 1).to(memory_format=torch.channels_last)
    _train(model, as_input(known.values), torch.from_numpy(known.labels), task.steps)
    return _classes_read(model, as_input(judged.values)) == judged.labels


def _with_copies(pictures: Pictures, copies: np.ndarray) -> Pictures:
    labels = np.repeat(pictures.labels, copies.shape[1])
    return Pictures(
        np.concatenate([pictures.values, copies.reshape(-1, *copies.shape[2:])]),
        np.concatenate([pictures.labels, labels]),
    )


def _network(classes: int) -> nn.Module:
    layers: list[nn.Module] = []
    channels = 3
    for more in (16, 32, 64):
        layers += [nn.Conv2d(channels, more, 3, padding=1, bias=False), nn.MaxPool2d(2)]
        layers += [nn.BatchNorm2d(more), nn.ReLU()]
        channels = more
    side = _SIDE // 8
    layers += [nn.Flatten(), nn.Dropout(_DROPOUT), nn.Linear(channels * side * side, classes)]
    return nn.Sequential(*layers)


def _train(model: nn.Module, inputs: torch.Tensor, labels: torch.Tensor, steps: int) -> None:
    optimizer = torch.optim.AdamW(model.parameters(), _RATE, weight_decay=_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, _RATE, total_steps=steps)
    loss = nn.CrossEntropyLoss()
    order = torch.empty(0, dtype=torch.long)
    for _ in range(steps):
        if len(order) < _BATCH:
            order = torch.cat([order, torch.randperm(len(inputs))])
        batch, order = order[:_BATCH], order[_BATCH:]
        optimizer.zero_grad()
        loss(model(inputs[batch]), labels[batch]).backward()
        optimizer.step()
        schedule.step()


def _classes_read(model: nn.Module, inputs: torch.Tensor) -> np.ndarray:
    model.eval()
    with torch.no_grad():
        parts = [model(part).argmax(1) for part in inputs.split(_AT_ONCE)]
    return torch.cat(parts).numpy()


if __name__ == "__main__":
    main()
