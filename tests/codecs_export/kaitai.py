"""Kaitai's own compiler, from npm, and the readers that it makes.

What it writes lives as long as the test.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
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


def readers(specification: str, network: str, folder: Path, modules: Path) -> Any:
    """The class of readers that Kaitai's compiler, in `modules`, makes of a specification; it must not complain."""
    if shutil.which("node") is None:
        pytest.skip("node is not installed: Kaitai's compiler is not asked")
    source = folder / f"{network}.ksy"
    source.write_text(specification, encoding="utf-8")
    command = ["node", "-e", SCRIPT, str(modules), str(source), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    spec = importlib.util.spec_from_file_location(f"kaitai_{network}", folder / f"{network}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, network.capitalize())
