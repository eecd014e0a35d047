"""What is published: the same bytes whoever builds them, metadata that is true, a page that makes sense in an index."""

from __future__ import annotations

import re
import shutil
import sys
import zipfile
from email.message import Message
from email.parser import HeaderParser
from hashlib import sha256
from pathlib import Path

import pytest

import fsm
from tests.conftest import ROOT, build, copy_sources

ADDRESS = "https://code.example/verified-fsm"
LINK = re.compile(r"(?:\]\(|src=\")([^)\s\"]+)")


def sums(folder: Path) -> dict[str, str]:
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}


def metadata(wheel: Path) -> Message:
    archive = zipfile.ZipFile(wheel)
    name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    return HeaderParser().parsestr(archive.read(name).decode())


@pytest.fixture(scope="module")
def told(wheel: Path) -> Message:
    """The metadata of the wheel; its payload is the page of the index."""
    return metadata(wheel)


def test_who_builds_the_same_sources_gets_the_same_bytes(tmp_path: Path) -> None:
    """In another folder, later, with other modes and another mask: wheel and source distribution, and the wheel made of it."""
    here, there = copy_sources(tmp_path / "here"), copy_sources(tmp_path / "elsewhere" / "deeper")
    for file in there.rglob("*"):
        if file.is_file() and not file.is_symlink():
            file.chmod(0o660)
    (there / "fsm" / "errors.py").touch()

    built = sums(build(here, tmp_path / "first"))  # the wheel alone, of the checkout
    built |= sums(build(here, tmp_path / "second", "--sdist"))
    again = sums(build(there, tmp_path / "both", "--sdist", "--wheel"))

    assert built == again
    assert {f"verified_fsm-{fsm.__version__}-py3-none-any.whl", f"verified_fsm-{fsm.__version__}.tar.gz"} == set(again)

    shutil.unpack_archive(next((tmp_path / "both").glob("*.gz")), tmp_path / "unpacked", filter="data")
    unpacked = next((tmp_path / "unpacked").iterdir())
    assert sums(build(unpacked, tmp_path / "third")).items() <= again.items()


def test_the_version_is_said_once(told: Message) -> None:
    """`fsm.__version__` is that of the distribution; the metadata is not read for it."""
    assert told["Version"] == fsm.__version__


def test_the_metadata_names_every_license_of_what_is_inside(told: Message, wheel: Path) -> None:
    """The code, and the letters of pictures, which come from somebody else."""
    assert "MIT AND Apache-2.0" == told["License-Expression"]
    files = told.get_all("License-File")
    assert files is not None
    assert ["LICENSE", "diagrams/rendering/fonts/LICENSE", "diagrams/rendering/fonts/NOTICE"] == files
    shipped = set(zipfile.ZipFile(wheel).namelist())
    assert {f"verified_fsm-{fsm.__version__}.dist-info/licenses/{file}" for file in files} <= shipped


def test_the_metadata_names_the_python_that_runs_it(told: Message) -> None:
    """Whoever looks for a library by version of Python finds this one."""
    named = told.get_all("Classifier")
    assert named is not None
    assert f"Programming Language :: Python :: {sys.version_info.major}.{sys.version_info.minor}" in named


def test_the_page_of_the_index_has_no_link_into_a_repository_that_nobody_named(told: Message) -> None:
    """While no address is published, a link is its text and the file; the rest of the page is README.md."""
    page = str(told.get_payload())

    assert [] == [link for link in LINK.findall(page) if not link.startswith(("https://", "#"))]
    assert "[The comparison](docs/explanation/comparison.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "The comparison (`docs/explanation/comparison.md`)" in page


def test_links_and_picture_of_the_index_lead_to_this_version_of_the_published_repository(tmp_path: Path) -> None:
    """Whoever publishes writes one address in pyproject.toml."""
    source = copy_sources(tmp_path / "source")
    declared = source / "pyproject.toml"
    text = declared.read_text(encoding="utf-8")
    declared.write_text(f'{text}\n[project.urls]\nSource = "{ADDRESS}"\n', encoding="utf-8")

    told = metadata(next(build(source, tmp_path / "built").glob("*.whl")))
    page = str(told.get_payload())

    assert f"Source, {ADDRESS}" == told["Project-URL"]
    assert [] == [link for link in LINK.findall(page) if not link.startswith(("https://", "#"))]
    assert f"[The comparison]({ADDRESS}/blob/v{fsm.__version__}/docs/explanation/comparison.md)" in page
    assert f"]({ADDRESS}/raw/v{fsm.__version__}/docs/pictures/desk.svg)" in page
    assert f'src="{ADDRESS}/raw/v{fsm.__version__}/docs/pictures/hall.svg"' in page
