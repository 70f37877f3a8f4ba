"""A limit: decode once, encode and write N times, by augcli's own functions; no transform.

Runs in augcli's environment, in one of two variants:

- `pool`: a plain pool of processes, the least that any program could take for this work;
- `engine`: augcli's own executor and what it loads first, so that starting costs what it costs
  the main job, and what is left of the difference is the transforms and the records.
"""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import wait

from work import JPEG_QUALITY, Work, read_work

from augcli.images.decode import decode
from augcli.images.encode import encode
from augcli.images.files import read_bytes, write_atomic
from augcli.images.options import Loading, Saving
from augcli.pipeline.executors import ProcessExecutor

_CHUNK = 16


def _expand(work: Work, photos: list[str]) -> None:
    """Writes the copies of some photos."""
    loading = Loading(target_size=None if work.target_size is None else [*work.target_size])
    options = {"quality": JPEG_QUALITY} if work.save_format == "jpeg" else {}
    saving = Saving.model_validate({"save_format": work.save_format, "save_options": options})
    for photo in photos:
        picture = decode(read_bytes(photo), loading)
        for copy in range(work.copies):
            data = encode(picture.pixels, saving, picture.icc_profile)
            write_atomic(work.copy_path(photo, copy), data)


def _chunks(work: Work) -> Iterator[tuple[Work, list[str]]]:
    photos = work.photos()
    for start in range(0, len(photos), _CHUNK):
        yield work, photos[start : start + _CHUNK]


def _run_pool(work: Work) -> None:
    with multiprocessing.get_context("fork").Pool(work.workers) as pool:
        pool.starmap(_expand, _chunks(work), chunksize=1)


def _run_engine(work: Work) -> None:
    with ProcessExecutor(work.workers) as executor:
        futures = [executor.submit(_expand, *chunk) for chunk in _chunks(work)]
        wait(futures)
        for future in futures:
            future.result()


def main() -> None:
    """Spreads the photos over the workers."""
    work = read_work()
    work.class_folders()
    {"pool": _run_pool, "engine": _run_engine}[work.variant or "pool"](work)


if __name__ == "__main__":
    main()
