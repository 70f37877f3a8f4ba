"""Files: read with plain errors, written whole or not at all.

A file is written to a temporary dot-file in its own folder and renamed over its name, so another
process sees the old content or the new one. That also holds when this process is killed; no
`fsync` is made, so it need not hold when the machine loses power.
"""

import contextlib
import errno
import hashlib
import os
import re
import secrets
import stat
from collections.abc import Iterator
from typing import BinaryIO

from augcli.errors import OutputError, SourceError, UsageError

_AT_ONCE = 2**16  # bytes; most copies are read at once, and no piece outgrows the cache
_BINARY = getattr(os, "O_BINARY", 0)  # on Windows alone
_TO_READ = os.O_RDONLY | _BINARY
_TO_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY
_FILE_MODE = 0o666  # as that of `open`; the system takes away what its umask says
_TEMPORARY_PREFIX = ".augcli-tmp-"
_TEMPORARY_NAME = re.compile(re.escape(_TEMPORARY_PREFIX) + r"[0-9a-f]{16}")

_NO_SPACE = (
    "no space left on the filesystem that holds {folder}: free some and run the same command again"
)
_OUTPUT_REASONS: dict[int, str] = {
    errno.ENOSPC: _NO_SPACE,
    errno.EDQUOT: (
        "the disk quota on the filesystem that holds {folder} is used up: "
        "free some space and run the same command again"
    ),
    errno.EROFS: "cannot write {path}: its filesystem is read-only",
    errno.EACCES: "cannot write {path}: no permission to write there",
    errno.EPERM: "cannot write {path}: the system does not permit it",
    errno.ENAMETOOLONG: "cannot write {path}: the name is too long for its filesystem",
    errno.ENOENT: "cannot write {path}: its folder is gone",
    errno.ENOTDIR: "cannot write {path}: a file stands where its folder should be",
    errno.EISDIR: "cannot write {path}: a folder of that name stands there",
    errno.EMFILE: "cannot write {path}: too many files are open in this process",
    errno.EFBIG: "cannot write {path}: the file is too large for its filesystem",
}

_SOURCE_REASONS: dict[int, str] = {
    errno.ENOENT: "the file is gone",
    errno.ENOTDIR: "the file is gone",
    errno.EACCES: "no permission to read the file",
    errno.EPERM: "the system does not permit reading the file",
    errno.ELOOP: "a symbolic link that leads back to itself",
    errno.EIO: "the disk cannot read the file (input/output error)",
    errno.EMFILE: "too many files are open in this process",
}

_FILE_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def read_bytes(path: str) -> bytes:
    """The content of a regular file.

    Raises:
        SourceError: Stage "read"; the file is gone, may not be read or is no regular file. A pipe
            or a device is refused before it is opened, for opening one may wait for ever.
    """
    try:
        mode = os.stat(path).st_mode
        if not stat.S_ISREG(mode):
            raise SourceError("read", f"{_kind_of(mode)}, not a file")
        with open(path, "rb") as file:
            return file.read()
    except MemoryError as error:
        raise SourceError("read", "the file is too large for the memory") from error
    except OSError as error:
        reason = _SOURCE_REASONS.get(error.errno or 0)
        raise SourceError("read", reason or f"cannot be read: {error.strerror or error}") from error
    except ValueError as error:  # a NUL in the path
        raise SourceError("read", f"no valid path: {error}") from error


def _kind_of(mode: int) -> str:
    return next((kind for matches, kind in _FILE_KINDS if matches(mode)), "something special")


@contextlib.contextmanager
def atomic_file(path: str) -> Iterator[BinaryIO]:
    """A file to write to that takes the name `path` when all of it is written, and not before.

    Raises:
        OutputError: It cannot be written; nothing is left behind, and an existing file stands.
    """
    with _renamed(path) as temporary, open(temporary, "xb") as file:
        yield file


def write_atomic(path: str, data: bytes) -> None:
    """Writes `data` to `path`, whole or not at all; an existing file is replaced.

    Raises:
        OutputError: As `atomic_file`.
    """
    with _renamed(path) as temporary:
        # Of a small file, `open` and its file object would take a third of the time.
        descriptor = os.open(temporary, _TO_CREATE, _FILE_MODE)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def _renamed(path: str) -> Iterator[str]:
    """The name of a temporary file, which is renamed to `path` at the end if nothing is amiss."""
    temporary = os.path.join(os.path.dirname(path), f"{_TEMPORARY_PREFIX}{secrets.token_hex(8)}")
    try:
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        _remove_quietly(temporary)
        raise OutputError(explain_output(path, error)) from error
    except BaseException:  # Ctrl-C between the two
        _remove_quietly(temporary)
        raise


def write_if_changed(path: str, data: bytes) -> bool:
    """Writes `data` unless `path` holds it already, whose modification time then stays.

    Returns:
        Whether it was written.

    Raises:
        OutputError: As `write_atomic`.
    """
    if _holds(path, data):
        return False
    write_atomic(path, data)
    return True


def _holds(path: str, data: bytes) -> bool:
    try:
        if os.path.getsize(path) != len(data) or not os.path.isfile(path):
            return False
        with open(path, "rb") as file:
            return file.read() == data
    except OSError:
        return False


def _remove_quietly(path: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)


def make_folder_of(path: str) -> None:
    """Makes the folder that the file `path` is to be in, and its parents.

    Raises:
        OutputError: It cannot be made.
    """
    folder = os.path.dirname(path)
    try:
        if folder:
            os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise OutputError(explain_output(folder, error)) from error


def check_file_place(path: str) -> None:
    """Makes sure, before any work is done for it, that a file can be written to `path`.

    Its folder need not be there. Nothing is written, so what only writing tells, such as a full
    disk, is not found. As files take their names by a rename, a device or a link would be replaced,
    and not written to.

    Raises:
        UsageError: It is no name of a file; something else than a file has this name; or its own
            folder is none, or may not be written to.
    """
    if os.path.basename(path) in {"", os.curdir, os.pardir}:
        raise UsageError(f"expected the name of a file to write, found {path!r}")
    if os.path.lexists(path):
        _check_replaceable(path)
    _check_nearest(os.path.dirname(path), path)


def _check_replaceable(path: str) -> None:
    """Makes sure that a file stands at a path, and no folder, device or link."""
    mode = os.lstat(path).st_mode
    if stat.S_ISDIR(mode):
        raise UsageError(_OUTPUT_REASONS[errno.EISDIR].format(path=path))
    if stat.S_ISLNK(mode):
        raise UsageError(
            f"cannot write {path}: it is a symbolic link, which the file would replace; name the "
            f"file that it leads to"
        )
    if not stat.S_ISREG(mode):
        raise UsageError(f"cannot write {path}: it is {_kind_of(mode)}, which no file may replace")


def check_folder_place(path: str) -> None:
    """Makes sure, before any work is done for it, that a folder can be made or filled at `path`.

    Raises:
        UsageError: Something else stands there or above, or it may not be written to.
    """
    _check_nearest(path, path)


def _check_nearest(folder: str, path: str) -> None:
    """Looks at the nearest folder that exists: `folder`, or one that it is to be made in."""
    folder = folder or os.curdir
    while not os.path.lexists(folder):
        parent = os.path.dirname(folder) or os.curdir
        if parent == folder:  # a drive that there is not
            raise UsageError(_OUTPUT_REASONS[errno.ENOENT].format(path=path))
        folder = parent
    if not os.path.isdir(folder):
        raise UsageError(_OUTPUT_REASONS[errno.ENOTDIR].format(path=path))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UsageError(
            f"cannot write {path}: the folder {folder} may not be written to (no permission, or "
            f"a read-only filesystem)"
        )


def explain_output(path: str, error: OSError) -> str:
    """Why `path` cannot be written, and what to do about it, in one sentence."""
    template = _OUTPUT_REASONS.get(error.errno or 0)
    if template is None:
        return f"cannot write {path}: {error.strerror or error}"
    return template.format(path=path, folder=os.path.dirname(path) or os.curdir)


def is_temporary(name: str) -> bool:
    """Whether `name`, without its folder, is that of a temporary file of `write_atomic`."""
    return _TEMPORARY_NAME.fullmatch(name) is not None


def sha256_bytes(data: bytes) -> str:
    """SHA-256 of `data`, in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def sha256_file(path: str) -> str:
    """SHA-256 of a file's content, in lower-case hexadecimal.

    Raises:
        OSError: It cannot be read; what that means is for the caller to say.
    """
    # Of a small file, `open` and its file object would take half the time.
    descriptor = os.open(path, _TO_READ)
    try:
        digest = hashlib.sha256()
        while block := os.read(descriptor, _AT_ONCE):
            digest.update(block)
        return digest.hexdigest()
    finally:
        os.close(descriptor)
