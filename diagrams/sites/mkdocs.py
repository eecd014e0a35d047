"""The MkDocs fence `fsm`, for `pymdownx.superfences`.

    markdown_extensions:                               in mkdocs.yml
      - pymdownx.superfences:
          custom_fences:
            - name: fsm
              class: fsm
              format: !!python/name:fsm.diagrams.sites.mkdocs.fence

    ```fsm
    package.module:NAME
    show: picture, claims
    profile: seed
    ```

A TARGET that is a file is found from the folder in which MkDocs runs. What cannot be shown ends the build.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pymdownx.superfences import SuperFencesException

from fsm.diagrams.sites.content import pieces
from fsm.diagrams.sites.request import FLAGS, BadRequest, read_request

__all__ = ["fence"]


def fence(source: str, language: str, css_class: str, options: dict[str, Any], md: Any, **more: Any) -> str:
    """What `pymdownx.superfences` calls with the text of a fence.

    Raises:
        SuperFencesException: what it asks for cannot be shown.
    """
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    try:
        return "\n".join(pieces(read_request(lines[0] if lines else "", _options(lines[1:])), str(Path.cwd())))
    except BadRequest as wrong:
        raise SuperFencesException(str(wrong)) from wrong


def _options(lines: list[str]) -> dict[str, str]:
    """`name: value` on each line; a flag stands alone."""
    options: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon and name not in FLAGS:
            raise BadRequest(f"fsm: {line!r} is no option; write name: value")
        if name.strip() in options:
            raise BadRequest(f"fsm: {name.strip()} is said twice")
        options[name.strip()] = value.strip()
    return options
