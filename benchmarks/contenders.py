"""Who competes: each a command that makes N copies of every photo in a folder."""

import os
import sys
from dataclasses import dataclass

_PEERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers")

# A row's transforms as augcli is told them; each peer's script has its own form of the same.
RANGES = """\
transforms:
  rotation_range: 15
  width_shift_range: 0.1
  height_shift_range: 0.1
  shear_range: 5
  zoom_range: 0.1
  brightness_range: [0.8, 1.2]
  horizontal_flip: true
  fill_mode: nearest
"""
PIPELINE = """\
transforms:
  - affine:
      rotate: 15
      scale: [0.9, 1.1]
      translate: 0.05
      shear: 5
      fill_mode: nearest
    p: 0.7
  - horizontal_flip:
    p: 0.5
  - color_jitter: {brightness: 0.2, contrast: 0.2, saturation: 0.2, hue: 10}
    p: 0.8
  - one_of:
      - gaussian_blur: {sigma: [0.5, 1.5]}
      - gaussian_noise: {std: [2, 12]}
    p: 0.3
  - coarse_dropout: {num_holes: [2, 6], hole_height: [0.05, 0.15], hole_width: [0.05, 0.15]}
    p: 0.3
  - jpeg_compression: {quality: [50, 90]}
    p: 0.3
"""


@dataclass(frozen=True)
class Task:
    """What there is to do.

    Attributes:
        source: Folder of photos, in class folders.
        sources: How many there are.
        output: Folder to write to.
        copies: How many of every photo.
        save_format: "jpeg" (by quality 95, 4:2:0, where there is a choice of it) or "png".
        target_size: Height and width of the copies in pixels; None for the photo's own.
        workers: Processes.
        config: Path of augcli's configuration file.
        peers_python: The interpreter of the peers' environment; None if no peer takes part.
    """

    source: str
    sources: int
    output: str
    copies: int
    save_format: str
    target_size: tuple[int, int] | None
    workers: int
    config: str
    peers_python: str | None

    @property
    def files(self) -> int:
        """How many copies there are to be in all."""
        return self.sources * self.copies


@dataclass(frozen=True)
class Peer:
    """A script in `peers/`.

    Attributes:
        script: Its file name.
        variant: What to tell it by that name, if it has variants.
        runs_augcli: Whether it needs augcli's environment rather than the peers'.
    """

    script: str
    variant: str | None = None
    runs_augcli: bool = False

    def command(self, task: Task) -> list[str]:
        """The command that does a task."""
        python = sys.executable if self.runs_augcli else task.peers_python
        if python is None:
            raise ValueError(f"{self.script} needs the peers' environment")
        command = [python, os.path.join(_PEERS, self.script), task.source, task.output]
        command += ["--copies", str(task.copies), "--save-format", task.save_format]
        command += ["--workers", str(task.workers)]
        if task.target_size is not None:
            command += ["--target-size", *map(str, task.target_size)]
        if self.variant is not None:
            command += ["--variant", self.variant]
        return command


PEERS = {
    "albumentations": Peer("albumentations_pool.py"),
    "albumentations-pipeline": Peer("albumentations_pool.py", "pipeline"),
    "albumentations-reduced": Peer("albumentations_pool.py", "reduced"),
    "augmentor": Peer("augmentor_sample.py"),
    "keras": Peer("keras_flow.py"),
    "pillow-limit": Peer("pillow_limit.py"),
    "own-limit-pool": Peer("own_limit.py", "pool", runs_augcli=True),
    "own-limit-engine": Peer("own_limit.py", "engine", runs_augcli=True),
}


def augcli_command(task: Task) -> list[str]:
    """The same task for augcli, which prints its summary as JSON."""
    command = [sys.executable, "-m", "augcli", "expand", task.source, task.output]
    command += ["--config", task.config, "--copies", str(task.copies), "--json"]
    command += ["--save-format", task.save_format, "--workers", str(task.workers)]
    if task.target_size is not None:
        height, width = task.target_size
        command += ["--set", f"target_size=[{height}, {width}]"]
    return command
