"""Files are read with plain errors and written whole or not at all."""

import errno
import hashlib
import os
import socket
from pathlib import Path

import pytest

from augcli.errors import OutputError, SourceError, UsageError
from augcli.images import files


def test_reads_what_is_there(tmp_path: Path) -> None:
    """The content of a file comes back byte for byte."""
    path = tmp_path / "a.bin"
    path.write_bytes(b"\0\1\2")
    assert files.read_bytes(str(path)) == b"\0\1\2"


def test_a_file_that_vanished(tmp_path: Path) -> None:
    """A file that is gone is a read failure in words."""
    with pytest.raises(SourceError, match="the file is gone") as caught:
        files.read_bytes(str(tmp_path / "none"))
    assert caught.value.stage == "read"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """A folder with an image's name is refused."""
    with pytest.raises(SourceError, match="a folder, not a file"):
        files.read_bytes(str(tmp_path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_refused_before_it_blocks(tmp_path: Path) -> None:
    """A named pipe that nobody writes to is refused instead of waited for."""
    os.mkfifo(tmp_path / "pipe.jpg")
    with pytest.raises(SourceError, match="a named pipe, not a file"):
        files.read_bytes(str(tmp_path / "pipe.jpg"))


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no sockets in folders here")
def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket is refused by name."""
    monkeypatch.chdir(tmp_path)  # socket paths are short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.jpg")
        with pytest.raises(SourceError, match="a socket, not a file"):
            files.read_bytes("s.jpg")


@pytest.mark.skipif(not os.path.exists("/dev/null"), reason="no devices here")
def test_a_device_is_refused() -> None:
    """A device is refused by name."""
    with pytest.raises(SourceError, match="a device, not a file"):
        files.read_bytes("/dev/null")


def test_a_path_with_nul() -> None:
    """A path no system accepts is a read failure, not a crash."""
    with pytest.raises(SourceError, match="no valid path"):
        files.read_bytes("a\0b")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "no permission"),
        (errno.EIO, "the disk cannot read"),
        (errno.ESTALE, "cannot be read"),
    ],
)
def test_reasons_of_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    """What the system reports on reading is said in words."""
    path = tmp_path / "a"
    path.write_bytes(b"x")

    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("builtins.open", fail)
    with pytest.raises(SourceError, match=words):
        files.read_bytes(str(path))


def test_writes_and_replaces(tmp_path: Path) -> None:
    """A write makes the file, a second one replaces it, and nothing else stays."""
    path = tmp_path / "a.png"
    files.write_atomic(str(path), b"one")
    files.write_atomic(str(path), b"two")
    assert path.read_bytes() == b"two"
    assert os.listdir(tmp_path) == ["a.png"]


def test_writes_beside_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bare file name is written to the current folder."""
    monkeypatch.chdir(tmp_path)
    files.write_atomic("a", b"x")
    assert os.listdir(tmp_path) == ["a"]


def test_the_longest_name_can_be_written(tmp_path: Path) -> None:
    """The temporary name does not grow with the final one: 255 bytes still work."""
    name = "n" * 255
    files.write_atomic(str(tmp_path / name), b"x")
    assert os.listdir(tmp_path) == [name]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "no space left on the filesystem that holds .*: free some and run the same"),
        (errno.EDQUOT, "disk quota"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "no permission"),
        (errno.EBUSY, "cannot write .*a.png"),
    ],
)
def test_a_failed_write_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    """A write that fails says why, keeps the old file and removes the temporary one."""
    path = tmp_path / "a.png"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OutputError, match=words):
        files.write_atomic(str(path), b"new")
    assert os.listdir(tmp_path) == ["a.png"]
    assert path.read_bytes() == b"old"


def test_an_interrupted_write_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C between write and rename removes the temporary file and goes on up."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        files.write_atomic(str(tmp_path / "a.png"), b"new")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "words"), [("n" * 300, "too long"), ("none/a", "folder is gone"), ("dir", "folder")]
)
def test_places_that_cannot_be_written(tmp_path: Path, name: str, words: str) -> None:
    """An overlong name, a missing folder and a folder in the way are said in words."""
    (tmp_path / "dir").mkdir()
    with pytest.raises(OutputError, match=words):
        files.write_atomic(str(tmp_path / name), b"x")
    assert os.listdir(tmp_path) == ["dir"]


def test_places_for_files(tmp_path: Path) -> None:
    """Where nothing or a file stands, one may be written; nothing else is replaced by a file."""
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "lost").symlink_to("nothing")
    os.mkfifo(tmp_path / "pipe")
    for name in ("file", "new", "new/deep/file"):
        files.check_file_place(str(tmp_path / name))
    for name in ("link", "lost"):
        with pytest.raises(UsageError, match="a symbolic link, which the file would replace"):
            files.check_file_place(str(tmp_path / name))
    with pytest.raises(UsageError, match="a named pipe, which no file may replace"):
        files.check_file_place(str(tmp_path / "pipe"))
    for path in ("", "new/", "new/.", ".."):
        with pytest.raises(UsageError, match=f"the name of a file to write, found '{path}'"):
            files.check_file_place(path)


def test_write_if_changed_keeps_the_time_of_equal_content(tmp_path: Path) -> None:
    """Equal content is left alone, modification time and all; other content is replaced."""
    path = tmp_path / "a"
    assert files.write_if_changed(str(path), b"one")
    os.utime(path, ns=(10**9, 10**9))
    assert not files.write_if_changed(str(path), b"one")
    assert path.stat().st_mtime_ns == 10**9
    assert files.write_if_changed(str(path), b"two")
    assert path.read_bytes() == b"two"


def test_leftovers_are_told_from_other_dot_files(tmp_path: Path) -> None:
    """Temporary names, and no others, are known as such."""
    assert files.is_temporary(".augcli-tmp-0123456789abcdef")
    assert not files.is_temporary(".augcli-tmp-notes")
    assert not files.is_temporary("augcli-tmp-0123456789abcdef")
    assert not files.is_temporary(".augcli-tmp-0123456789abcdef.png")


def test_the_temporary_name_is_known_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `write_atomic` would leave when killed is what `is_temporary` finds."""
    seen: list[str] = []
    replace = os.replace
    monkeypatch.setattr(
        os, "replace", lambda a, b: (seen.append(os.path.basename(a)), replace(a, b))
    )
    files.write_atomic(str(tmp_path / "a"), b"x")
    assert files.is_temporary(seen[0])


def test_digests_agree(tmp_path: Path) -> None:
    """A file's digest is that of its bytes, as hashlib gives it."""
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    expected = hashlib.sha256(b"abc").hexdigest()
    assert files.sha256_file(str(path)) == files.sha256_bytes(b"abc") == expected
