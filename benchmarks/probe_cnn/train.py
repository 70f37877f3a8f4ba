"""Trains small convolutional networks with and without copies, and counts what they read right.

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
_RATE = 3e-3  # the highest of the one-cycle schedule, for Adam
_DECAY = 1e-4
_DROPOUT = 0.3


@dataclass(frozen=True)
class Task:
    """What is to be trained.

    Attributes:
        source: A folder of class folders.
        outputs: Of each arm, what augcli made of it.
        steps: Of the optimiser, in every fit.
        folds: Parts of the images, of which one after the other is held out.
        repeats: How often they are cut anew.
        minutes: Stops after so many.
        results: The file of lines, one a fit.
    """

    source: str
    outputs: dict[str, str]
    steps: int
    folds: int
    repeats: int
    minutes: float
    results: str


@dataclass(frozen=True)
class Pictures:
    """The images of a data set.

    Attributes:
        paths: Of each, relative to the folder.
        labels: (images,), from 0.
        originals: (images, 3, side, side), bytes.
        copies: Of each arm, (images, copies, 3, side, side).
    """

    paths: list[str]
    labels: np.ndarray
    originals: np.ndarray
    copies: dict[str, np.ndarray]


def main() -> None:
    """Does what is not done yet."""
    with open(sys.argv[1], encoding="utf-8") as file:
        task = Task(**json.load(file))
    torch.set_num_threads(1)
    until = time.monotonic() + 60 * task.minutes
    pictures = _load(task)
    done = _done(task.results)
    for repeat, fold, arm, held_out in _fits(task, pictures):
        if (repeat, fold, arm) in done:
            continue
        if time.monotonic() > until:
            break
        correct = _fit(task, pictures, arm, held_out, seed=1000 * repeat + fold)
        line = {"repeat": repeat, "fold": fold, "arm": arm, "correct": correct}
        line["images"] = int(held_out.sum())
        with open(task.results, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def _done(results: str) -> set[tuple[int, int, str]]:
    if not os.path.exists(results):
        return set()
    with open(results, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    return {(line["repeat"], line["fold"], line["arm"]) for line in lines}


def _fits(task: Task, pictures: Pictures) -> Iterator[tuple[int, int, str, np.ndarray]]:
    """Each fit: its repeat, its fold, its arm ("" for no copies), and which images it holds out."""
    for repeat in range(task.repeats):
        folds = _draw_folds(pictures.labels, task.folds, np.random.default_rng(repeat))
        for fold in range(task.folds):
            for arm in ("", *task.outputs):
                yield repeat, fold, arm, folds == fold


def _draw_folds(labels: np.ndarray, folds: int, rng: np.random.Generator) -> np.ndarray:
    """The fold of each image; each class is dealt out evenly."""
    order = rng.permutation(len(labels))
    order = order[np.argsort(labels[order], kind="stable")]
    dealt = np.empty(len(labels), int)
    dealt[order] = np.arange(len(labels)) % folds
    return dealt


def _load(task: Task) -> Pictures:
    classes = sorted(os.listdir(task.source))
    paths = [
        f"{label}/{name}"
        for label in classes
        for name in sorted(os.listdir(os.path.join(task.source, label)))
    ]
    return Pictures(
        paths=paths,
        labels=np.array([classes.index(path.split("/")[0]) for path in paths]),
        originals=np.stack([_read(os.path.join(task.source, path)) for path in paths]),
        copies={arm: _copies(output, paths) for arm, output in task.outputs.items()},
    )


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


def _fit(task: Task, pictures: Pictures, arm: str, held_out: np.ndarray, seed: int) -> int:
    """How many held-out originals a network reads right.

    The network starts from the same weights in every arm of a fold, and takes as many steps.
    """
    known = pictures.originals[~held_out]
    labels = pictures.labels[~held_out]
    mean, deviation = float(known.mean()), float(known.std())
    if arm:
        copies = pictures.copies[arm][~held_out]
        labels = np.concatenate([labels, np.repeat(labels, copies.shape[1])])
        known = np.concatenate([known, copies.reshape(-1, *copies.shape[2:])])

    def as_input(values: np.ndarray) -> torch.Tensor:
        return torch.from_numpy((values.astype(np.float32) - mean) / deviation)

    torch.manual_seed(seed)
    model = _network(int(pictures.labels.max()) + 1)
    _train(model, as_input(known), torch.from_numpy(labels), task.steps)
    model.eval()
    with torch.no_grad():
        read = model(as_input(pictures.originals[held_out])).argmax(1).numpy()
    return int((read == pictures.labels[held_out]).sum())


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


if __name__ == "__main__":
    main()
