"""Writing whole or not at all: to a name of its own in the same folder, flushed to the disk, then renamed.

A rename within a folder happens at once (POSIX `rename`, `MoveFileEx`), so that a reader sees the old text or
the new one. Where anything goes wrong, a full disk, a missing right, an interrupt, the file
that stood there is untouched and nothing is left beside it; only a process that is killed may leave a file
named `.fsm-….part`, which nobody reads.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["whole_folder", "write_whole"]


def write_whole(file: str | os.PathLike[str], content: str | bytes) -> None:
    """Write a file so that it has the whole content afterwards, or is as it was; its folder is made where there is none.

    A file that stood there keeps its mode; a link stays a link, what it leads to is written. A pipe or a device
    has no content that could be kept: it is written to directly.

    Args:
        file: where.
        content: text goes as UTF-8, its line ends as they are.

    Raises:
        OSError: it cannot be written; the file is as it was.
        UnicodeEncodeError: text that UTF-8 has not (a lone surrogate); the file is as it was.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    before = _status(file)
    if before is not None and (not stat.S_ISREG(before.st_mode) or _is_device(file)):
        _write_into(os.open(file, os.O_WRONLY), data)  # a folder is refused here
        return
    target = Path(os.path.realpath(file))
    if before is not None and not os.access(target, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(file))  # a rename would not ask
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = _name_beside(target)
    try:
        _write_new(beside, data, None if before is None else stat.S_IMODE(before.st_mode))
        os.replace(beside, target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _flush_folder(target.parent)


@contextmanager
def whole_folder(folder: str | os.PathLike[str]) -> Iterator[Path]:
    """A new folder to be filled: it stands at its place when the block ends well, and nowhere when it does not.

        with whole_folder("certificates") as inside:
            (inside / "index.json").write_text(index)

    Args:
        folder: nothing may stand there but an empty folder.

    Raises:
        FileExistsError: something stands there.
        OSError: it cannot be written.
    """
    target = Path(os.path.realpath(folder))
    before = _status(target)
    if before is not None and not (stat.S_ISDIR(before.st_mode) and not any(target.iterdir())):
        raise FileExistsError(errno.EEXIST, "is not an empty folder", str(folder))
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = _name_beside(target)
    beside.mkdir()
    try:
        yield beside
        _flush_below(beside)
        if before is not None:
            beside.chmod(stat.S_IMODE(before.st_mode))
        os.rename(beside, target)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    _flush_folder(target.parent)


def _status(path: str | os.PathLike[str]) -> os.stat_result | None:
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


def _is_device(path: str | os.PathLike[str]) -> bool:
    """Whether a name stands for something that is open already, whatever file that may be: `/dev/stdout`."""
    return Path(os.path.abspath(path)).parts[1:2] in {("dev",), ("proc",)}


def _name_beside(target: Path) -> Path:
    """A name in the same folder that nobody has; not made of the target's, which may be as long as names can be."""
    return target.with_name(f".fsm-{secrets.token_hex(8)}.part")


def _write_new(file: Path, data: bytes, mode: int | None) -> None:
    made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    if mode is not None:
        os.chmod(file, mode)
    _write_into(made, data)


def _write_into(opened: int, data: bytes) -> None:
    with open(opened, "wb") as stream:
        stream.write(data)
        stream.flush()
        if stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            os.fsync(stream.fileno())


def _flush_below(folder: Path) -> None:
    """Every file of the folder and every folder in it, on the disk."""
    for here, _, names in os.walk(folder):
        for name in names:
            with open(Path(here, name), "rb+") as stream:
                os.fsync(stream.fileno())
        _flush_folder(Path(here))


def _flush_folder(folder: Path) -> None:
    """The names in a folder, on the disk; where the system cannot open folders (Windows), the rename is all there is."""
    try:
        opened = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(opened)
    except OSError:  # some file systems know no such thing; the file itself is on the disk
        pass
    finally:
        os.close(opened)
