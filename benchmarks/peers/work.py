"""What every peer is told: the command line that they share."""

import argparse
import glob
import os
from dataclasses import dataclass

JPEG_QUALITY = 95


@dataclass(frozen=True)
class Work:
    """One expansion.

    Attributes:
        source: Folder of JPEG photos, in class folders.
        output: Empty folder to write to.
        copies: How many of every photo.
        save_format: "jpeg" or "png".
        target_size: Height and width of the copies in pixels; None for the photo's own.
        workers: Processes, for those that have a choice of it.
        variant: Which way of doing it, for those that have several.
    """

    source: str
    output: str
    copies: int
    save_format: str
    target_size: tuple[int, int] | None
    workers: int
    variant: str | None

    @property
    def extension(self) -> str:
        """The end of a copy's name."""
        return {"jpeg": ".jpg", "png": ".png"}[self.save_format]

    def photos(self) -> list[str]:
        """The sources' paths, sorted."""
        return sorted(glob.glob(os.path.join(self.source, "*", "*.jpg")))

    def class_folders(self) -> None:
        """Makes the source's class folders in the output."""
        for name in os.listdir(self.source):
            os.makedirs(os.path.join(self.output, name), exist_ok=True)

    def copy_path(self, photo: str, copy: int) -> str:
        """Where a copy goes: the photo's class folder in the output."""
        relative = os.path.relpath(photo, self.source)
        stem = os.path.splitext(relative)[0]
        return os.path.join(self.output, f"{stem}_{copy}{self.extension}")


def read_work() -> Work:
    """The work that the command line asks for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("source")
    parser.add_argument("output")
    parser.add_argument("--copies", type=int, required=True)
    parser.add_argument("--save-format", choices=["jpeg", "png"], required=True)
    parser.add_argument("--target-size", type=int, nargs=2)
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--variant")
    arguments = parser.parse_args()
    if arguments.target_size is not None:
        arguments.target_size = tuple(arguments.target_size)
    return Work(**vars(arguments))
