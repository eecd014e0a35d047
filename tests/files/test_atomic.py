"""A file is written whole or not at all: what stood there stays until what is new is on the disk."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fsm.files import whole_folder, write_whole

GOOD = "the good file that stood there\n"

FULL_DISK = """
import resource, sys
from fsm.files import whole_folder, write_whole

resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))
try:
    {action}
except OSError as full:
    print(type(full).__name__, full.errno)
"""
"""A disk on which a file of a thousand bytes has room and a longer one has not; the kernel says so in the middle of a write."""


def on_a_full_disk(action: str, *given: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK.format(action=action), *map(str, given)], capture_output=True, text=True
    )
    assert "" == done.stderr
    return done.stdout.partition(" ")[0].strip()


@pytest.mark.parametrize("content", ["ä line\r\nand another\n", b"\x00\xff bytes", "", b""])
def test_what_is_written_is_what_stands_there(tmp_path: Path, content: str | bytes) -> None:
    """Text as UTF-8 with its own line ends, bytes as they are, in a folder that is made where there is none."""
    file = tmp_path / "new" / "folder" / "file.txt"
    write_whole(file, content)
    assert (content.encode() if isinstance(content, str) else content) == file.read_bytes()
    assert [file] == list(file.parent.iterdir())


def test_a_full_disk_leaves_the_file_that_stood_there(tmp_path: Path) -> None:
    """Neither a cut file nor an empty one, and nothing beside it."""
    file = tmp_path / "report.json"
    file.write_text(GOOD)
    assert "OSError" == on_a_full_disk("write_whole(sys.argv[1], 'x' * 2_000)", file)
    assert GOOD == file.read_text()
    assert [file] == list(tmp_path.iterdir())


def test_a_full_disk_leaves_nothing_where_nothing_stood(tmp_path: Path) -> None:
    """A picture that is cut off is none."""
    assert "OSError" == on_a_full_disk("write_whole(sys.argv[1], 'x' * 2_000)", tmp_path / "desk.svg")
    assert [] == list(tmp_path.iterdir())


def test_whoever_reads_while_it_is_written_sees_the_old_text_or_the_new_one(tmp_path: Path) -> None:
    """Two processes: one writes a hundred times, the other reads until it is done."""
    file = tmp_path / "shared"
    write_whole(file, "a" * 300_000)
    writing = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys\nfrom fsm.files import write_whole\nfor n in range(100): write_whole(sys.argv[1], 'ab'[n % 2] * 300_000)",
            file,
        ]
    )
    seen = set()
    while writing.poll() is None:
        text = file.read_text()
        seen.add((len(text), *sorted(set(text))))
    assert 0 == writing.returncode
    assert seen <= {(300_000, "a"), (300_000, "b")}
    assert seen


def test_a_file_keeps_its_mode(tmp_path: Path) -> None:
    """A script stays one that can be run; a new file has the mode that every program would give it."""
    script, new, plain = tmp_path / "run", tmp_path / "new", tmp_path / "plain"
    script.write_text(GOOD)
    script.chmod(0o750)
    write_whole(script, "#!/bin/sh\n")
    write_whole(new, GOOD)
    plain.write_text(GOOD)
    assert 0o750 == stat.S_IMODE(script.stat().st_mode)
    assert plain.stat().st_mode == new.stat().st_mode


def test_a_link_stays_a_link_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    """Also where it leads to a file that is not there yet."""
    for name in ("there", "not_yet"):
        target, link = tmp_path / name, tmp_path / f"{name}.link"
        link.symlink_to(target)
        if name == "there":
            target.write_text(GOOD)
        write_whole(link, "new")
        assert (True, "new") == (link.is_symlink(), target.read_text())


def test_a_device_is_written_to_and_not_replaced() -> None:
    """`/dev/stdout` and `/dev/null` are no files."""
    said = subprocess.run(
        [sys.executable, "-c", "from fsm.files import write_whole; write_whole('/dev/stdout', 'said')"],
        stdout=subprocess.PIPE,
    )
    assert b"said" == said.stdout
    write_whole("/dev/null", "gone")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


@pytest.mark.parametrize("place", ["folder", "file/below", "x" * 300])
def test_what_cannot_be_written_is_an_error_of_the_system_and_leaves_nothing(tmp_path: Path, place: str) -> None:
    """A folder, a path through a file, a name that is too long."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text(GOOD)
    with pytest.raises(OSError, match=r"Errno"):
        write_whole(tmp_path / place, "new")
    assert ["file", "folder"] == sorted(one.name for one in tmp_path.iterdir())
    assert GOOD == (tmp_path / "file").read_text()


def test_a_file_that_must_not_be_written_is_not_replaced(nobody: Path) -> None:
    """The right to rename in a folder is no right to change its files."""
    file = nobody / "file"
    file.write_text(GOOD)
    file.chmod(0o444)
    with pytest.raises(PermissionError):
        write_whole(file, "new")
    assert GOOD == file.read_text()
    assert [file] == list(nobody.iterdir())


@pytest.fixture
def nobody() -> Iterator[Path]:
    """A folder of somebody to whom something is forbidden, which is never so for root."""
    root = os.geteuid() == 0
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        if root:
            os.seteuid(65534)
        try:
            yield Path(folder)
        finally:
            if root:
                os.seteuid(0)


def test_text_that_utf_8_has_not_leaves_the_file_that_stood_there(tmp_path: Path) -> None:
    """A lone surrogate is found before anything is touched."""
    file = tmp_path / "file"
    file.write_text(GOOD)
    with pytest.raises(UnicodeEncodeError):
        write_whole(file, "a\ud800")
    assert GOOD == file.read_text()
    assert [file] == list(tmp_path.iterdir())


# Folders


def test_a_folder_stands_there_when_all_of_it_is_written(tmp_path: Path) -> None:
    """With every file at once, in a new place or in an empty folder, whose mode it keeps."""
    empty = tmp_path / "empty"
    empty.mkdir(mode=0o700)
    for folder in (tmp_path / "new" / "certificates", empty):
        with whole_folder(folder) as inside:
            (inside / "deep").mkdir()
            (inside / "deep" / "index.json").write_text(GOOD)
            assert not folder.exists() or [] == list(folder.iterdir())
        assert GOOD == (folder / "deep" / "index.json").read_text()
        assert [folder.name] == [one.name for one in folder.parent.iterdir() if one.name.startswith((".", folder.name))]
    assert 0o700 == stat.S_IMODE(empty.stat().st_mode)


def interrupted(folder: Path) -> None:
    with whole_folder(folder) as inside:
        (inside / "a").write_text(GOOD)
        raise KeyboardInterrupt


@pytest.mark.parametrize("stands", [False, True], ids=["in a new place", "in an empty folder"])
def test_a_folder_that_is_not_finished_does_not_come_to_be(tmp_path: Path, stands: bool) -> None:
    """A full disk, an interrupt: as if nobody had begun."""
    folder = tmp_path / "certificates"
    if stands:
        folder.mkdir()
    action = "with whole_folder(sys.argv[1]) as inside: (inside / 'a').write_text('a'); (inside / 'b').write_text('b' * 2_000)"
    assert "OSError" == on_a_full_disk(action, folder)
    with pytest.raises(KeyboardInterrupt):
        interrupted(folder)
    assert [folder] * stands == list(tmp_path.iterdir())
    assert not stands or [] == list(folder.iterdir())


@pytest.mark.parametrize("what", ["a folder with something in it", "a file"])
def test_what_stands_in_the_place_of_a_folder_is_left_alone(tmp_path: Path, what: str) -> None:
    """Nobody's files are mixed with ours, and nobody's are removed."""
    place = tmp_path / "place"
    file = place
    if what != "a file":
        place.mkdir()
        file = place / "mine"
    file.write_text(GOOD)
    with pytest.raises(FileExistsError, match="is not an empty folder"), whole_folder(place) as inside:
        (inside / "a").write_text("new")
    assert GOOD == file.read_text()
    assert [place] == list(tmp_path.iterdir())
