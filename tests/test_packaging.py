"""The wheel holds the library and its data, all of it and nothing else."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = ("codecs", "reference", "conformance", "spec")
DATA = {".md", ".toml", ".json", ".lua", ".html", ".j2", ".css", ".js", ".typed"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built from a copy so that nothing is left behind in the checkout."""
    copy = tmp_path_factory.mktemp("checkout")
    for folder in FLOORS:
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for name in ("pyproject.toml", "setup.py", "__init__.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", "dist", "."]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    [path] = (copy / "dist").glob("*.whl")
    return zipfile.ZipFile(path)


def test_the_wheel_is_the_folders_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    expected = {
        f"peerspec/{path.relative_to(ROOT).as_posix()}"
        for folder in FLOORS
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and (path.suffix in {".py", *DATA} or path.name == "py.typed")
    }
    found = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert found == expected


def test_every_file_of_the_folders_is_of_a_kind_that_is_shipped() -> None:
    tracked = subprocess.run(["git", "ls-files", *FLOORS], cwd=ROOT, capture_output=True, text=True, check=False)
    if tracked.returncode != 0:
        pytest.skip("not a git checkout")
    files = [Path(name) for name in tracked.stdout.splitlines()]
    assert [name for name in files if name.suffix not in {".py", *DATA} and name.name != "py.typed"] == []


def test_the_wheel_says_its_licence_and_its_command(wheel: zipfile.ZipFile) -> None:
    names = wheel.namelist()
    [metadata] = [name for name in names if name.endswith(".dist-info/METADATA")]
    [entry_points] = [name for name in names if name.endswith(".dist-info/entry_points.txt")]
    assert "License-Expression: MIT" in wheel.read(metadata).decode()
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert "peerspec = peerspec.conformance.cli:main" in wheel.read(entry_points).decode()


def test_what_is_imported_is_what_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {re.split(r"[=<>~!]", dependency)[0] for dependency in project["dependencies"]}
    imported: set[str] = set()
    for path in (path for folder in FLOORS for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported.add(node.module.split(".")[0])
    assert imported - set(sys.stdlib_module_names) == declared
