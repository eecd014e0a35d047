"""A folder from somewhere else, read without believing it: how large, how many, plain files only, nothing outside of it.

What cannot be read as a certificate is `BadCertificate`, with the file; nothing is repaired.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Any

from fsm.errors import BadSnapshot
from fsm.storage.codec import read
from fsm.storage.strict_json import LARGEST, parse

__all__ = ["BadCertificate", "files_in", "read_document", "read_json", "read_text", "shortly"]

MOST = 20_000
"""The most files of one certificate."""
DEEPEST = 6
"""The most folders inside one another."""
SHOWN = 60
"""How many characters of a stranger's text a message shows."""


class BadCertificate(Exception):
    """A file that is no part of a certificate.

    Attributes:
        where: the file, from the folder.
        what: what is wrong with it.
    """

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")
        self.where, self.what = where, what


def shortly(text: str) -> str:
    """A stranger's text in a message: in quotes, and not the whole of it where it is long."""
    return ascii(text if len(text) <= SHOWN else f"{text[:SHOWN]}...")


def files_in(folder: Path) -> dict[str, Path]:
    """Every file below a folder, by its path from there.

    Raises:
        BadCertificate: something else than files and folders, or too many of them.
    """
    found: dict[str, Path] = {}
    for path in _below(folder, folder, DEEPEST):
        found[path.relative_to(folder).as_posix()] = path
        if len(found) > MOST:
            raise BadCertificate(folder.name, f"has more than {MOST} files")
    return found


def _below(top: Path, folder: Path, deeper: int) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        mode = path.lstat().st_mode
        name = path.relative_to(top).as_posix()
        if S_ISDIR(mode):
            if not deeper:
                raise BadCertificate(name, f"lies deeper than {DEEPEST} folders")
            yield from _below(top, path, deeper - 1)
        elif S_ISREG(mode):
            yield path
        else:
            raise BadCertificate(name, "is neither a file nor a folder; links are not followed")


def read_text(path: Path, name: str) -> str:
    """The text of a file.

    Raises:
        BadCertificate: there is none, it is too large, or no UTF-8.
    """
    try:
        if path.is_symlink() or not path.is_file():
            raise BadCertificate(name, "there is no such file")
        if path.stat().st_size > LARGEST:
            raise BadCertificate(name, f"is larger than {LARGEST} bytes")
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise BadCertificate(name, f"is not UTF-8: {wrong}") from wrong


def read_json(path: Path, name: str) -> Any:
    """A file as dicts, lists, strings, numbers, booleans and None.

    Raises:
        BadCertificate: it is no JSON, or reads two ways.
    """
    try:
        return parse(read_text(path, name))
    except BadSnapshot as wrong:
        raise BadCertificate(name, str(wrong)) from wrong


def read_document(path: Path, name: str, kind: Any) -> Any:
    """A document of a declared class.

    Raises:
        BadCertificate: it is none.
    """
    try:
        return read(read_json(path, name), kind)
    except BadSnapshot as wrong:
        raise BadCertificate(name, str(wrong)) from wrong
