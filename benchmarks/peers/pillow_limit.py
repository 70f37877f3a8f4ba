"""A limit: decode once and encode N times with Pillow in a pool of processes; no transform."""

import multiprocessing

from PIL import Image
from work import JPEG_QUALITY, Work, read_work

_CHUNK = 4

_work: Work


def _prepare(work: Work) -> None:
    """Sets a worker up."""
    global _work  # noqa: PLW0603  a pool's initializer has no other place to keep it
    _work = work


def _expand(photo: str) -> None:
    """Writes the copies of one photo."""
    options = {"quality": JPEG_QUALITY, "subsampling": "4:2:0"}
    with Image.open(photo) as opened:
        image = opened.convert("RGB")
    for copy in range(_work.copies):
        image.save(_work.copy_path(photo, copy), **(options if _work.save_format == "jpeg" else {}))


def main() -> None:
    """Spreads the photos over the pool."""
    work = read_work()
    work.class_folders()
    with multiprocessing.Pool(work.workers, _prepare, (work,)) as pool:
        for _ in pool.imap_unordered(_expand, work.photos(), chunksize=_CHUNK):
            pass


if __name__ == "__main__":
    main()
