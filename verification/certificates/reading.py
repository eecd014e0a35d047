"""A folder from somewhere else, read without believing it: how large, how many, plain files only, nothing outside of it.

What cannot be read as a certificate is `BadCertificate`, with the file; nothing is repaired, nothing is written. What
a stranger calls or says something is shown in messages as plain text, and not the whole of it where it is long.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from stat import S_ISREG
from typing import Any

from fsm.errors import BadSnapshot
from fsm.language.values.brief import brief
from fsm.storage.codec import read
from fsm.strict_json import LARGEST, parse

__all__ = ["BadCertificate", "files_in", "is_text", "names_in", "plainly", "read_document", "read_json"]

MOST = 20_000
"""The most files of one certificate, and the most names in a folder."""
DEEPEST = 6
"""The most folders inside one another."""
SHOWN = 500
"""How many characters of a message are shown that has a stranger's text in it."""


class BadCertificate(Exception):
    """A file that is no part of a certificate.

    Attributes:
        where: the file, from the folder.
        what: what is wrong with it.
    """

    code = "FSM501"

    def __init__(self, where: str, what: str) -> None:
        self.where, self.what = plainly(where), plainly(what)
        super().__init__(f"{self.where}: {self.what}")


def plainly(said: object) -> str:
    """What a stranger says, as a terminal may show it: nothing that it would obey, and no end of it cut off unsaid."""
    text = said if isinstance(said, str) else brief(said)
    shown = text if len(text) <= SHOWN else f"{text[:SHOWN]}..."
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in shown)


def names_in(folder: Path, where: str) -> list[str]:
    """The names in a folder, in order.

    Raises:
        BadCertificate: it cannot be looked into, or holds too many.
    """
    try:
        with os.scandir(folder) as entries:
            found = [one.name for one in islice(entries, MOST + 1)]
    except OSError as refused:
        raise BadCertificate(where, f"cannot be looked into: {refused.strerror}") from refused
    if len(found) > MOST:
        raise BadCertificate(where, f"has more than {MOST} files")
    return sorted(found)


def files_in(folder: Path) -> dict[str, Path]:
    """Every file below a folder, by its path from there.

    Raises:
        BadCertificate: something else than files and folders, or too many of them.
    """
    found: dict[str, Path] = {}
    for name, path in _below(folder, "", DEEPEST):
        found[name] = path
        if len(found) > MOST:
            raise BadCertificate(folder.name, f"has more than {MOST} files")
    return found


def _below(folder: Path, where: str, deeper: int) -> Iterator[tuple[str, Path]]:
    for name in names_in(folder, where or folder.name):
        path, said = folder / name, f"{where}/{name}" if where else name
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise BadCertificate(said, "is neither a file nor a folder; links are not followed")
        if path.is_file():
            yield said, path
        elif deeper:
            yield from _below(path, said, deeper - 1)
        else:
            raise BadCertificate(said, f"lies deeper than {DEEPEST} folders")


def is_text(path: Path, name: str, text: str) -> bool:
    """Whether a file has just this text; of a larger one no more is read.

    Raises:
        BadCertificate: it cannot be read.
    """
    wanted = text.encode("utf-8")
    return _bytes(path, name, len(wanted) + 1) == wanted


def _bytes(path: Path, name: str, most: int) -> bytes:
    """So many bytes of a plain file at most; a pipe that was put in its place is not waited for."""
    try:
        opened = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with open(opened, "rb") as stream:
            if not S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise BadCertificate(name, "is no plain file")
            return stream.read(most)
    except OSError as refused:
        raise BadCertificate(name, f"cannot be read: {refused.strerror}") from refused


def read_json(path: Path, name: str) -> Any:
    """A file as dicts, lists, strings, numbers, booleans and None.

    Raises:
        BadCertificate: it cannot be read, is too large, no UTF-8 or no JSON, or reads two ways.
    """
    data = _bytes(path, name, LARGEST + 1)
    if len(data) > LARGEST:
        raise BadCertificate(name, f"is larger than {LARGEST} bytes")
    try:
        return parse(data.decode("utf-8"))
    except UnicodeDecodeError as wrong:
        raise BadCertificate(name, f"is not UTF-8: {wrong}") from wrong
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
