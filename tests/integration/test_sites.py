"""Documentation sites, built by the real tools with warnings as errors: a picture, a table, claims with verdicts, a run."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.diagrams.test_hostile import TEXTS, UNPRINTABLE, plain
from tests.docs.test_docs import blocks

from .conftest import ROOT

SAFE = '''
"""A safe with a fault: it opens after a wrong code."""

from fsm import Machine, State, always, event, inside, integer, reachable


@event
class Right:
    """The right code."""


@event
class Wrong:
    """Another code."""


shut, open_ = State("shut", "nobody gets <in>"), State("open_")
wrong = integer("wrong", 0, 3)
SAFE = Machine(
    "safe",
    (shut, open_),
    shut,
    (
        shut.on(Right).to(open_).happily(),
        shut.on(Wrong).when(wrong < 3).to(open_).set(wrong, wrong + 1),
        open_.on(Right).to(shut),
    ),
    (wrong,),
    (reachable("it opens", inside(open_)), always("nobody is wrong & gets in", wrong == 0)),
    doc="A safe | with <script>alert(1)</script>.",
)
'''
WILD = """
from fsm import Machine, State, always, event, inside

TEXTS = {texts}


@event
class Go:
    "It goes."


states = [State(f"s{{number}}", doc=text) for number, text in enumerate(TEXTS)]
WILD = Machine(
    "wild", tuple(states), states[0], tuple(one.on(Go).to(after) for one, after in zip(states, states[1:])),
    properties=tuple(always(text, ~inside(states[-1])) for text in TEXTS[:-1])
    + (always(TEXTS[-1], ~inside(states[1])),),
    doc=TEXTS[1],
)
"""
MARKUP = {
    "figure", "div", "table", "thead", "tbody", "tr", "th", "td", "span", "strong", "p", "h4", "ul", "li", "br",
    "svg", "g", "title", "desc", "style", "path", "polygon", "polyline", "ellipse", "text", "tspan", "figcaption", "em",
}  # fmt: skip
EVERYTHING = "picture, table, claims, run"
CONF = "project = 'safe'\nextensions = ['fsm.diagrams.sites.sphinx']\n"
MKDOCS = """
site_name: safe
theme: {name: mkdocs}
plugins: []
markdown_extensions:
  - pymdownx.superfences:
      custom_fences:
        - name: fsm
          class: fsm
          format: !!python/name:fsm.diagrams.sites.mkdocs.fence
"""


class Reader(HTMLParser):
    """What a browser would make of a page: the elements of our pieces, and the texts of their cells."""

    def __init__(self) -> None:
        super().__init__()
        self.inside: set[str] = set()
        self.cells: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._open or ("class", "fsm") in attrs:
            self.inside.add(tag)
            assert not [name for name, _ in attrs if name.startswith("on") or "href" in name or name == "src"]
            self._open.append(tag)
        if tag in ("td", "figcaption", "text"):
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        if self._open:
            assert tag == self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and self.cells:
            self.cells[-1] += data


def sphinx(folder: Path, page: str, builder: str = "html", conf: str = CONF) -> subprocess.CompletedProcess[str]:
    (folder / "safe.py").write_text(SAFE, encoding="utf-8")
    (folder / "conf.py").write_text(conf, encoding="utf-8")
    (folder / "index.rst").write_text(f"Safe\n====\n\n{page}\n", encoding="utf-8")
    return build(folder, builder)


def build(folder: Path, builder: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", builder, folder, folder / "built"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def mkdocs(folder: Path, fence: str) -> subprocess.CompletedProcess[str]:
    (folder / "docs").mkdir()
    (folder / "safe.py").write_text(SAFE, encoding="utf-8")
    (folder / "mkdocs.yml").write_text(MKDOCS, encoding="utf-8")
    (folder / "docs" / "index.md").write_text(f"# Safe\n\n```fsm\n{fence}\n```\n", encoding="utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def shows_everything(page: str) -> None:
    """All that was asked for stands in the page, and no text of the declaration is markup in it."""
    assert 2 == page.count('<svg xmlns="http://www.w3.org/2000/svg"')
    assert "<figcaption>How it opens &amp; shuts</figcaption>" in page
    assert re.search(r"<td>[^<]*<strong>shut</strong> \(start\): nobody gets &lt;in&gt;</td>", page)
    assert re.search(r'<span title="refuted">✗&#160;refuted</span></td><td>nobody is wrong &amp; gets in</td>', page)
    assert re.search(r'<span title="proved">✓&#160;proved</span></td><td>it opens</td>', page)
    assert "safe.wrong = 1" in page  # what the run saw
    assert "<script>alert" not in page


def test_a_sphinx_page_shows_a_target(tmp_path: Path) -> None:
    """A file beside conf.py, with all that can be shown; without a warning."""
    done = sphinx(tmp_path, f".. fsm:: safe.py:SAFE\n   :show: {EVERYTHING}\n   :caption: How it opens & shuts\n")

    assert (0, "") == (done.returncode, done.stderr)
    shows_everything((tmp_path / "built" / "index.html").read_text(encoding="utf-8"))


def test_a_sphinx_builder_without_html_tells_the_picture(tmp_path: Path) -> None:
    """In words, like the rows of the tables."""
    done = sphinx(tmp_path, f".. fsm:: safe.py:SAFE\n   :show: {EVERYTHING}\n", "text")

    assert 0 == done.returncode, done.stderr
    words = " ".join((tmp_path / "built" / "index.txt").read_text(encoding="utf-8").split())
    assert "From shut: right and wrong to open" in words
    assert "shut (start): nobody gets <in>" in words
    assert "✗ refuted | nobody is wrong & gets in |" in words
    assert "safe: shut → open_ (wrong 1)" in words


def test_a_module_is_found_where_the_configuration_says(tmp_path: Path) -> None:
    """As for every extension that imports what it documents."""
    (tmp_path / "rooms").mkdir()
    (tmp_path / "rooms" / "vault.py").write_text(SAFE, encoding="utf-8")
    conf = CONF + f"import sys\nsys.path.insert(0, {str(tmp_path / 'rooms')!r})\n"

    done = sphinx(tmp_path, ".. fsm:: vault:SAFE\n", "text", conf)

    assert (0, "") == (done.returncode, done.stderr)


@pytest.mark.parametrize("builder", ["html", "text"])
def test_no_text_of_a_declaration_is_markup_in_a_page(builder: str, tmp_path: Path) -> None:
    """Whatever stands in states, claims and captions."""
    hostile = TEXTS + UNPRINTABLE
    (tmp_path / "wild.py").write_text(WILD.format(texts=ascii(hostile)), encoding="utf-8")
    caption = " ".join(plain(text) for text in TEXTS)

    done = sphinx(tmp_path, f".. fsm:: wild.py:WILD\n   :show: {EVERYTHING}\n   :caption: {caption}\n", builder)

    assert (0, "") == (done.returncode, done.stderr)
    page = (tmp_path / "built" / f"index.{'html' if builder == 'html' else 'txt'}").read_text(encoding="utf-8")
    if builder == "html":
        read = Reader()
        read.feed(page)
        assert MARKUP >= read.inside
        assert 2 * len(hostile) <= len(read.cells)
        page = " ".join(read.cells)
    bare = "".join(page.split())
    assert [] == [text for text in hostile if "".join(plain(text).split()) not in bare]


def test_a_page_shows_what_the_file_says_when_it_is_built_again(tmp_path: Path) -> None:
    """Though the page itself has not changed."""
    assert 0 == sphinx(tmp_path, ".. fsm:: safe.py:SAFE\n   :show: claims\n").returncode
    mended = SAFE.replace("to(open_).set(wrong, wrong + 1)", "stay()")
    (tmp_path / "safe.py").write_text(mended, encoding="utf-8")

    done = build(tmp_path, "html")

    assert (0, "") == (done.returncode, done.stderr)
    assert "refuted" not in (tmp_path / "built" / "index.html").read_text(encoding="utf-8")


SHOWN_NOT = {
    ".. fsm:: safe.py:NONE": "NONE in safe.py does not exist",
    ".. fsm:: gone.py:SAFE": "there is no file gone.py",
    ".. fsm:: safe.py:SAFE\n   :show: poem": "'poem' cannot be shown",
    ".. fsm:: safe.py:SAFE\n   :profile: old": "has no profile 'old'",
    ".. fsm:: safe.py:SAFE\n   :show: run\n   :claim: none": "has no run that refutes or shows 'none'",
}


def test_what_a_sphinx_page_cannot_show_is_a_warning_with_its_place(tmp_path: Path) -> None:
    """Each of several, and a build in which warnings are errors ends."""
    done = sphinx(tmp_path, "\n\n".join(SHOWN_NOT))

    assert 0 != done.returncode
    page = (tmp_path / "index.rst").read_text(encoding="utf-8")
    for directive, said in SHOWN_NOT.items():
        line = page[: page.index(f"{directive}\n")].count("\n") + 1
        (told,) = re.findall(rf"index\.rst:{line}: WARNING: fsm(.*)", done.stderr)
        assert said in told


def test_an_mkdocs_page_shows_a_target(tmp_path: Path) -> None:
    """Built strictly."""
    done = mkdocs(tmp_path, f"safe.py:SAFE\nshow: {EVERYTHING}\ncaption: How it opens & shuts")

    assert (0, "") == (done.returncode, done.stderr), done.stdout
    shows_everything((tmp_path / "site" / "index.html").read_text(encoding="utf-8"))


def test_an_mkdocs_page_of_a_system_in_one_of_its_versions(tmp_path: Path) -> None:
    """Options are those of `fsm draw`."""
    done = mkdocs(tmp_path, "fsm.desk:DESK\nprofile: next-status\ndetail: rules\ntheme: light\nset: max_chats=3")
    page = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")

    assert 0 == done.returncode, done.stderr
    assert "the next status is due:" in re.sub(r"</?tspan[^>]*>", "", page)
    assert "prefers-color-scheme" not in page.partition("<svg")[2].partition("</svg>")[0]


@pytest.mark.parametrize(
    ("fence", "said"),
    [
        ("", "name a TARGET"),
        ("safe.py:NONE", "NONE in safe.py does not exist"),
        ("safe.py:SAFE\npoem: yes", "there is no option poem"),
        ("safe.py:SAFE\nloud", "'loud' is no option"),
    ],
    ids=["nothing", "name", "option", "flag"],
)
def test_what_an_mkdocs_page_cannot_show_ends_the_build(fence: str, said: str, tmp_path: Path) -> None:
    """With what was wrong."""
    done = mkdocs(tmp_path, fence)

    assert 0 != done.returncode
    assert said in done.stderr


def test_a_reader_who_follows_the_page_of_the_documents_builds_both_sites(tmp_path: Path) -> None:
    """With the files as they stand there."""
    for block in blocks(ROOT / "docs" / "how-to" / "pages.md"):
        if block.note.startswith("file: "):
            file = tmp_path / block.note.removeprefix("file: ")
            file.parent.mkdir(exist_ok=True)
            file.write_text(block.body, encoding="utf-8")

    for tool in (("mkdocs", "build", "--strict", "--quiet"), ("sphinx", "-W", "-q", "-b", "html", ".", "built")):
        done = subprocess.run([sys.executable, "-m", *tool], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (0, "") == (done.returncode, done.stderr)
    for page in ("site", "built"):
        assert "A lamp that is never forgotten" in (tmp_path / page / "index.html").read_text(encoding="utf-8")
