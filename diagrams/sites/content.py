"""The pieces of a page as HTML: figures, tables, claims with their verdicts. Every text of a declaration is escaped on its way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from html import escape
from typing import Any
from xml.etree import ElementTree

from markdown_it import MarkdownIt

from fsm.diagrams.graphs.dot import printable
from fsm.diagrams.sites.asking import Answers
from fsm.diagrams.sites.request import Request

__all__ = ["pieces", "words"]

MARKS = {"proved": "✓", "refuted": "✗", "unknown": "?"}
DESC = "{http://www.w3.org/2000/svg}desc"


def pieces(request: Request, folder: str) -> Iterator[str]:
    """What is asked for, in its order; each is well-formed XML.

    Args:
        folder: from which the target is found.

    Raises:
        BadRequest: what the command refuses.
    """
    answers = Answers(request, folder)
    for piece in request.show:
        yield from SHOWN[piece](answers)


def words(piece: str) -> Iterator[str]:
    """A piece without its markup, for pages that are not HTML: the description of a picture, the rows of a table."""
    for element in ElementTree.fromstring(piece).iter():
        if element.tag == DESC:
            yield "".join(element.itertext())
        elif element.tag == "tr":
            yield " | ".join(filter(None, (" ".join(" ".join(cell.itertext()).split()) for cell in element)))


def _picture(answers: Answers) -> Iterator[str]:
    yield _figure(answers.picture(), answers.request.caption)


def _runs(answers: Answers) -> Iterator[str]:
    for drawn in answers.runs():
        yield _figure(drawn, "")


def _figure(drawn: str, caption: str) -> str:
    below = f"\n<figcaption>{_plain(caption)}</figcaption>" if caption else ""
    return f'<figure class="fsm">\n{drawn}{below}\n</figure>'


def _table(answers: Answers) -> Iterator[str]:
    """The Markdown of the table as HTML; its only markup is that of `fsm.diagrams`, since all else in it is entities."""
    page = answers.table().partition("\n")[2]  # the page has a heading of its own
    made: str = MarkdownIt("commonmark", {"html": True}).enable("table").render(page.replace("\n## ", "\n#### "))
    yield f'<div class="fsm">\n{made.replace("<br>", "<br />")}</div>'


def _claims(answers: Answers) -> Iterator[str]:
    """Each claim with its verdict and how it was found; those of the definition too."""
    for report in json.loads(answers.report)["reports"]:
        rows = "\n".join(_claim(claim) for claim in (*report["definition"], *report["properties"]))
        head = "<tr><th></th><th>claim</th><th>how</th></tr>"
        yield f'<table class="fsm">\n<thead>{head}</thead>\n<tbody>\n{rows}\n</tbody>\n</table>'


def _claim(claim: dict[str, Any]) -> str:
    verdict = _plain(str(claim["verdict"]))
    how = str(claim.get("argument") or claim.get("why") or "")
    cited = f" ({', '.join(claim['cites'])})" if claim.get("cites") else ""
    mark = f'<span title="{verdict}">{MARKS.get(verdict, "?")}&#160;{verdict}</span>'
    return f"<tr><td>{mark}</td><td>{_plain(claim['sentence'] + cited)}</td><td>{_plain(how)}</td></tr>"


def _plain(text: str) -> str:
    """A text of a declaration or of a page, for HTML."""
    return escape(printable(text))


SHOWN: dict[str, Callable[[Answers], Iterator[str]]] = {
    "picture": _picture,
    "table": _table,
    "claims": _claims,
    "run": _runs,
}
