"""A real browser: Debian's chromium, driven by playwright-core, with axe-core looking for faults of accessibility.

The two packages come from npm, at fixed versions, into a cache of the user's outside the checkout. The test is skipped
where chromium or npm is missing. What is done in the browser is written in `browser.cjs`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

PACKAGES = ("playwright-core@1.56.1", "axe-core@4.11.0")
_SCRIPT = Path(__file__).with_name("browser.cjs")
_NAMES = ("chromium", "chromium-browser", "google-chrome")


def observe(modules: Path, *words: str) -> Any:
    """What `browser.cjs` saw, called with `words`; `modules` has PACKAGES. Skips the test where there is no browser."""
    browser = next((found for name in _NAMES if (found := shutil.which(name))), None)
    node = shutil.which("node")
    if browser is None or node is None:
        pytest.skip("chromium or node is not installed: no page is opened in a browser")
    environment = {**os.environ, "NODE_PATH": str(modules), "PEERSPEC_BROWSER": browser}
    done = subprocess.run(
        [node, str(_SCRIPT), *words], env=environment, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
