"""What pyproject.toml cannot say: where the rooms are installed, what the index shows, and archives that are the same twice.

`fsm/` is the package; the rooms beside it are installed inside it, as `fsm.verification` and so
on, because top-level modules of such names would collide in other people's services.
Packages are found, not listed, so that a new subpackage cannot be forgotten.
"""

import gzip
import os
import re
import tarfile
import tomllib
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.sdist import sdist

ROOMS = ("verification", "diagrams", "command", "files", "seeds")
HERE = Path(__file__).parent

# Whoever builds the same sources gets the same bytes, whenever, wherever and as whoever it is done.
os.environ.setdefault("SOURCE_DATE_EPOCH", "315532800")  # 1980, the first day that a zip can name
os.umask(0o022)


def subpackages(room: str) -> list[str]:
    return [f"fsm.{found}" for found in find_packages(include=[f"{room}.*"])]


def text(file: str) -> str:
    return (HERE / file).read_text(encoding="utf-8")


def version() -> str:
    """`fsm.__version__`, read and not imported: what it needs is not installed yet."""
    return re.search(r'^__version__ = "(.+)"$', text("fsm/__init__.py"), re.MULTILINE)[1]


def description() -> str:
    """README.md for a page that stands in no repository.

    Links and pictures lead to this version in the published repository, `Source` of `[project.urls]`. Where none is
    named, a link is its text and the name of the file, which the source distribution holds.
    """
    source = tomllib.loads(text("pyproject.toml"))["project"].get("urls", {}).get("Source")

    def elsewhere(link: re.Match[str]) -> str:
        mark, words, file = link.groups()
        if source is None:
            return f"{words} (`{file}`)" if words != file else f"`{file}`"
        return f"{mark}[{words}]({source}/{'raw' if mark else 'blob'}/v{version()}/{file})"

    page = re.sub(r"(!?)\[([^\]]+)\]\((?!https?:|#)([^)\s]+)\)", elsewhere, text("README.md"))
    if source is None:
        return re.sub(r"<img [^>]*>\n*", "", page)  # a picture beside the text, which says the same
    return re.sub(r'(<img [^>]*src=")', rf"\1{source}/raw/v{version()}/", page)


class Wheel(bdist_wheel):
    """A wheel of files that anybody may read, whatever the modes of the checkout."""

    def write_wheelfile(self, wheelfile_base: str, *generator: str) -> None:
        super().write_wheelfile(wheelfile_base, *generator)  # the last file that is written before all are packed
        for file in Path(wheelfile_base).parent.rglob("*"):
            file.chmod(0o755 if file.is_dir() else 0o644)


class Archive(sdist):
    """A source distribution without times, owners and the order of a disk."""

    def make_archive(self, base_name: str, format: str, root_dir=None, base_dir=None, owner=None, group=None) -> str:
        assert format == "gztar", f"{format} is not made the same twice"
        name, instant = f"{base_name}.tar.gz", int(os.environ["SOURCE_DATE_EPOCH"])

        def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
            entry.uid = entry.gid = 0
            entry.uname = entry.gname = ""
            entry.mtime, entry.mode = instant, 0o755 if entry.isdir() else 0o644
            return entry

        with (
            open(name, "wb") as file,
            gzip.GzipFile("", "wb", fileobj=file, mtime=instant) as packed,
            tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
        ):
            archive.add(base_dir, filter=plain)  # goes through folders by name
        return name


setup(
    version=version(),
    packages=[
        *find_packages(include=["fsm", "fsm.*"]),
        *(package for room in ROOMS for package in (f"fsm.{room}", *subpackages(room))),
    ],
    py_modules=["pytest_verified_fsm"],
    package_dir={"fsm": "fsm", **{f"fsm.{room}": room for room in ROOMS}},
    long_description=description(),
    long_description_content_type="text/markdown",
    cmdclass={"bdist_wheel": Wheel, "sdist": Archive},
)
