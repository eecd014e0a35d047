"""How the pages of docs/ become a site: `make docs`, with warnings as errors.

Pages are Markdown that reads well in a repository too. What only the site knows is added here: the lists of
contents from the links of each index page, links out of docs/ as those of README.md, the files that a page declares for its
pictures, and docstrings, which are Markdown in a small way, as reStructuredText.
"""

import ast
import inspect
import os
import re
import tomllib
from enum import Enum
from importlib import import_module
from pathlib import Path
from textwrap import indent
from types import ModuleType

from sphinx.application import Sphinx
from sphinx.pycode import ModuleAnalyzer

import fsm
from fsm.diagrams.rendering.theme import DARK

DOCS = Path(__file__).parent
ROOT = DOCS.parent
SOURCE = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"].get("urls", {}).get("Source")

project = "verified-fsm"
version = release = fsm.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_click", "fsm.diagrams.sites.sphinx"]
exclude_patterns = ["pictures"]
fsm_folder = str(ROOT)

html_theme = "furo"
html_title = f"verified-fsm {version}"
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_static_path = ["static"]
html_css_files = ["wide.css", "dark.css"]

myst_heading_anchors = 3
myst_fence_as_directive = ["fsm"]
suppress_warnings = ["myst.header"]  # a page of a command begins below its heading

default_role = "literal"
autodoc_default_options = {"members": True, "imported-members": True, "undoc-members": True, "no-value": True}
autodoc_typehints_format = "short"
toc_object_entries_show_parents = "hide"

LINK = re.compile(r"(!?)\[([^\]]+)\]\((?!https?:|#)([^)#\s]+)(#[^)\s]*)?\)")
FILE = re.compile(r"^<!-- file: (\S+) -->\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def read(app: Sphinx, page: str, source: list[str]) -> None:
    """What the site adds to a page."""
    text = source[0]
    here = DOCS / Path(page).parent
    listed = re.findall(r"^- \[[^\]]+\]\(([\w/.-]+)\.md\)", text, re.MULTILINE) if page.endswith("index") else []
    declared = Path(app.outdir) / ".files" / page

    def outside(link: re.Match[str]) -> str:
        words, file = link[2], link[3]
        target = Path(os.path.normpath(here / file))
        if target.is_relative_to(DOCS) or not target.exists():
            return link[0]
        name = target.relative_to(ROOT).as_posix()
        if SOURCE:
            return f"[{words}]({SOURCE}/blob/v{version}/{name})"
        return words if name in words else f"{words} (`{name}`)"

    # dark.css follows what the reader chooses
    text = re.sub(r"^(```fsm \S+)$", r"\1\n:theme: light", text, flags=re.MULTILINE)
    for name, body in FILE.findall(text):
        (declared / name).parent.mkdir(parents=True, exist_ok=True)
        (declared / name).write_text(body, encoding="utf-8")
        text = re.sub(rf"^```fsm {re.escape(name)}:", f"```fsm {declared / name}:", text, flags=re.MULTILINE)
    text = LINK.sub(outside, text)
    text = re.sub(
        r"^\.\. automodule:: (\S+)\n(?:   .*\n)*", lambda room: room[0] + data(room[1]), text, flags=re.MULTILINE
    )
    if listed:
        text += "\n```{toctree}\n:hidden:\n\n" + "\n".join(listed) + "\n```\n"
    source[0] = text


def data(face: str) -> str:
    """The public names of a package that are neither classes nor functions, with what is said of them where they are made."""
    module = import_module(face)
    tree = ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8"))
    imports = [one for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)]
    homes = {alias.name: one.module for one in imports for alias in one.names}
    told = ""
    for name in module.__all__:
        if not inspect.isroutine(getattr(module, name)) and not inspect.isclass(getattr(module, name)):
            docs = ModuleAnalyzer.for_module(homes.get(name, face)).find_attr_docs()
            told += f"\n.. py:data:: {name}\n   :module: {face}\n\n   {' '.join(docs.get(('', name), ())).strip()}\n"
    return told


def columns(app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]) -> None:
    """The tables with which a module says what is in it keep their columns."""
    if what == "module":
        paragraphs = "\n".join(lines).split("\n\n")
        told = [
            f".. code-block:: text\n\n{indent(one, '    ')}" if re.search(r"\S {2,}\S", one) else one
            for one in paragraphs
        ]
        lines[:] = "\n\n".join(told).split("\n")


def plain(app: Sphinx, what: str, name: str, thing: object, skip: bool, options: object) -> bool | None:
    """Fields without a word of their own are told by their class; a room is no name of the room above."""
    field = (
        what in ("class", "exception")
        and not callable(thing)
        and not isinstance(thing, property | Enum | classmethod | staticmethod)
    )
    return True if field or isinstance(thing, ModuleType) else None


def signature(
    app: Sphinx, what: str, name: str, thing: object, options: object, told: str | None, gives: str | None
) -> tuple[str, str | None] | None:
    """A default that is made anew each time has no text."""
    return (told.replace(" = NOTHING", " = ...").replace("=NOTHING", "=..."), gives) if told else None


def dark(app: Sphinx, failed: Exception | None) -> None:
    """Pictures in dark colours where the reader, or the reader's browser, wants dark pages."""
    rules = [
        (f'[{what}="{light}"]', f"{{{what}:{shade}}}") for light, shade in DARK.items() for what in ("fill", "stroke")
    ]

    def under(body: str) -> str:
        return "".join(f"{body} .fsm-picture {which}{colour}\n" for which, colour in rules)

    preferred = under('body:not([data-theme="light"])')
    css = under('body[data-theme="dark"]') + f"@media (prefers-color-scheme: dark) {{\n{preferred}}}\n"
    (Path(app.outdir) / "_static" / "dark.css").write_text(css, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """What Sphinx calls."""
    app.connect("source-read", read)
    app.connect("build-finished", dark)
    app.connect("autodoc-process-docstring", columns, priority=400)
    app.connect("autodoc-process-signature", signature)
    app.connect("autodoc-skip-member", plain)
