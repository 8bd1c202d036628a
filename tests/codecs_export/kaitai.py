"""Kaitai's own compiler, from npm, and the readers that it makes.

The compiler is kept in a cache of the user's, outside the checkout. What it writes lives as long as the test.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

PACKAGES = ("kaitai-struct-compiler@0.11.0", "js-yaml@4.1.0")
SCRIPT = """
const fs = require("fs"), path = require("path"), [modules, ksy, folder] = process.argv.slice(1);
const compiler = require(path.join(modules, "kaitai-struct-compiler")), yaml = require(path.join(modules, "js-yaml"));
compiler.compile("python", yaml.load(fs.readFileSync(ksy, "utf8")), null, false).then(
  (made) => Object.entries(made).forEach(([name, text]) => fs.writeFileSync(path.join(folder, name), text)),
  (error) => { console.error(String(error)); process.exit(1); });
"""


def compiler() -> Path:
    """The folder of modules in which the compiler is; it is installed if it is not. Skips the test without npm."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("npm or node is not installed: Kaitai's compiler is not asked")
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "peerspec"
    cache = caches / "-".join(package.replace("@", "-") for package in PACKAGES)
    modules = cache / "node_modules"
    if not modules.is_dir():
        caches.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=caches) as fresh:
            command = [npm, "install", "--no-audit", "--no-fund", "--silent", "--prefix", fresh, *PACKAGES]
            try:
                done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
            except subprocess.TimeoutExpired:
                pytest.skip("npm did not install Kaitai's compiler within a minute")
            if done.returncode:
                pytest.skip(f"npm can't install Kaitai's compiler: {done.stderr.strip()[-200:]}")
            installed = Path(fresh) / "whole"
            installed.mkdir()
            (Path(fresh) / "node_modules").rename(installed / "node_modules")
            try:
                installed.rename(cache)
            except OSError:  # another process of this run was faster
                if not modules.is_dir():
                    raise
    return modules


def readers(specification: str, network: str, folder: Path) -> Any:
    """The class of readers that Kaitai's compiler makes of a specification; it must not complain."""
    source = folder / f"{network}.ksy"
    source.write_text(specification, encoding="utf-8")
    command = ["node", "-e", SCRIPT, str(compiler()), str(source), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    spec = importlib.util.spec_from_file_location(f"kaitai_{network}", folder / f"{network}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, network.capitalize())
