"""A real browser: Debian's chromium, driven by playwright-core, with axe-core looking for faults of accessibility.

The two packages come from npm, at fixed versions, into a cache of the user's outside the checkout. The test is skipped
where chromium or npm is missing. What is done in the browser is written in `browser.cjs`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

PACKAGES = ("playwright-core@1.56.1", "axe-core@4.11.0")
_SCRIPT = Path(__file__).with_name("browser.cjs")
_NAMES = ("chromium", "chromium-browser", "google-chrome")


def observe(*words: str) -> Any:
    """What `browser.cjs` saw, called with `words`. Skips the test where there is no browser, or no npm."""
    browser = next((found for name in _NAMES if (found := shutil.which(name))), None)
    node = shutil.which("node")
    if browser is None or node is None:
        pytest.skip("chromium or node is not installed: no page is opened in a browser")
    environment = {**os.environ, "NODE_PATH": str(_modules()), "PEERSPEC_BROWSER": browser}
    done = subprocess.run(
        [node, str(_SCRIPT), *words], env=environment, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _modules() -> Path:
    """The folder of modules; it is filled if it is not."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed: playwright-core and axe-core can't be had")
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "peerspec"
    cache = caches / "-".join(package.replace("@", "-") for package in PACKAGES)
    modules = cache / "node_modules"
    if not modules.is_dir():
        caches.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=caches) as fresh:
            command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--silent", "--prefix", fresh]
            done = subprocess.run([*command, *PACKAGES], capture_output=True, text=True, timeout=240, check=False)
            if done.returncode:
                pytest.skip(f"npm can't install playwright-core and axe-core: {done.stderr.strip()[-200:]}")
            installed = Path(fresh) / "whole"
            installed.mkdir()
            (Path(fresh) / "node_modules").rename(installed / "node_modules")
            try:
                installed.rename(cache)
            except OSError:  # another process of this run was faster
                if not modules.is_dir():
                    raise
    return modules
