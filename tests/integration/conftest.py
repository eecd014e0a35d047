"""A real browser, without a window and without anything but the page it is given."""

from __future__ import annotations

import html
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from shutil import which
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
NPM = ROOT / "build" / "integration" / "node_modules"
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--allow-file-access-from-files", "--hide-scrollbars",
    "--virtual-time-budget=60000",
)  # fmt: skip
"""It asks for nothing but files: Chromium looks for updates and more unless it is told not to."""
PAGE = """<!doctype html><html><head><meta charset="utf-8"></head><body style="margin:0">{body}
<pre id="answer"></pre><script>{scripts}</script><script>
const say = value => {{ document.getElementById("answer").textContent = JSON.stringify(value); }};
(async () => {{ {ask} }})().catch(wrong => say({{wrong: String(wrong)}}));
</script></body></html>"""

Ask = Callable[..., Any]


@pytest.fixture(scope="session")
def chromium() -> str:
    found = which("chromium")
    assert found is not None, "make integration installs it"
    return found


@pytest.fixture
def browser(chromium: str, tmp_path: Path) -> Ask:
    """Shows a page and gives back what its script says: `browser(body, "say(document.title)")`."""

    def show(body: str, ask: str, scripts: tuple[Path, ...] = ()) -> Any:
        page = tmp_path / "page.html"
        loaded = "\n".join(script.read_text(encoding="utf-8") for script in scripts)
        page.write_text(PAGE.format(body=body, scripts=loaded, ask=ask), encoding="utf-8")
        done = subprocess.run(
            [chromium, *QUIET, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", page.as_uri()],
            capture_output=True, text=True, timeout=180, check=True,
        )  # fmt: skip
        (answer,) = re.findall(r'<pre id="answer">(.*?)</pre>', done.stdout, re.DOTALL)
        told = json.loads(html.unescape(answer))
        assert not (isinstance(told, dict) and "wrong" in told), told
        return told

    return show


@pytest.fixture
def screenshot(chromium: str, tmp_path: Path) -> Callable[[str], bytes]:
    """A page as it is seen, as PNG."""

    def shoot(body: str) -> bytes:
        page, image = tmp_path / "seen.html", tmp_path / "seen.png"
        page.write_text(f'<!doctype html><meta charset="utf-8">{body}', encoding="utf-8")
        subprocess.run(
            [chromium, *QUIET, f"--user-data-dir={tmp_path / 'profile'}", "--window-size=400,300", f"--screenshot={image}", page.as_uri()],
            capture_output=True, timeout=120, check=True,
        )  # fmt: skip
        return image.read_bytes()

    return shoot
