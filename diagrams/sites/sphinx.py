"""The Sphinx directive `fsm`.

    extensions = ["fsm.diagrams.sites.sphinx"]         in conf.py

    .. fsm:: package.module:NAME
       :show: picture, claims
       :profile: seed

A TARGET that is a file is found from the folder of conf.py, unless `fsm_folder` there names another one. A page
that shows a target is read again by every build, since what it shows is made from more than the page. What
cannot be shown is a warning with its place, so that `sphinx-build -W` ends with it. Builders that show no HTML
get the picture in words and the rows of the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.addnodes import only
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from fsm.diagrams.sites.content import pieces, words
from fsm.diagrams.sites.request import CHOICES, FLAGS, OTHERS, BadRequest, read_request

__all__ = ["FsmDirective", "setup"]

log = logging.getLogger(__name__)


class FsmDirective(SphinxDirective):
    """Shows a machine or a system."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]] | None] = {
        **dict.fromkeys((*CHOICES, *OTHERS), directives.unchanged_required),
        **dict.fromkeys(FLAGS, directives.flag),
    }

    def run(self) -> list[nodes.Node]:
        """What Sphinx calls."""
        self.env.note_reread()
        options = {name: value or "" for name, value in self.options.items()}
        try:
            made = list(pieces(read_request(self.arguments[0], options), self.config.fsm_folder))
        except BadRequest as wrong:
            log.warning("%s", wrong, location=self.get_location(), type="fsm")
            return []
        return [node for piece in made for node in _shown(piece)]


def _shown(piece: str) -> Iterator[nodes.Node]:
    yield nodes.raw("", piece, format="html")
    told = only(expr="not html")
    told += [nodes.paragraph("", text) for text in words(piece)]
    yield told


def setup(app: Sphinx) -> dict[str, bool]:
    """What Sphinx calls."""
    app.add_config_value("fsm_folder", str(app.confdir), "env", (str,))
    app.add_directive("fsm", FsmDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
