"""Which folders are installed, and under which names; everything else stands in pyproject.toml.

`fsm/` is the package; the rooms beside it are installed inside it, as `fsm.verification` and so
on, because top-level modules of such names would collide in other people's services.
Packages are found, not listed, so that a new subpackage cannot be forgotten.
"""

from setuptools import find_packages, setup

ROOMS = ("verification", "diagrams", "command", "files", "seeds")


def subpackages(room: str) -> list[str]:
    return [f"fsm.{found}" for found in find_packages(include=[f"{room}.*"])]


setup(
    packages=[
        *find_packages(include=["fsm", "fsm.*"]),
        *(package for room in ROOMS for package in (f"fsm.{room}", *subpackages(room))),
    ],
    package_dir={"fsm": "fsm", **{f"fsm.{room}": room for room in ROOMS}},
)
