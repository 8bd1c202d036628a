"""The floors of the house: imports go down only, library code imports relatively, what is shared knows no network."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = ("codecs", "reference", "conformance")  # from the ground up
MODULES = sorted(path.relative_to(ROOT) for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))
NETWORKS = {path.name for path in (ROOT / "spec").iterdir() if path.is_dir()}


def imported(source: str, path: Path) -> Iterator[str]:
    """The modules that `source` imports, dotted; relative ones are resolved from its `path` below the root."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = list(path.parts[: len(path.parts) - node.level]) if node.level else []
            module = [*base, *([node.module] if node.module else [])]
            # `from . import x` may name a module: x is counted as one, which does no harm when it is a function.
            yield from (".".join([*module, alias.name]) for alias in node.names)


def upward(names: Iterator[str], path: Path) -> list[str]:
    """Those of the imported `names` that stand on a higher floor than `path`."""
    above = FLOORS[FLOORS.index(path.parts[0]) + 1 :]
    return [name for name in names if name.removeprefix("peerspec.").split(".")[0] in above]


def imports_of(path: Path) -> Iterator[str]:
    return imported((ROOT / path).read_text("utf-8"), path)


@pytest.mark.parametrize(
    ("source", "path", "expected"),
    [
        ("from ..reference import node", "codecs/wire.py", ["reference.node"]),
        ("from ...conformance.bench import Bench", "reference/gnutella/servent.py", ["conformance.bench.Bench"]),
        ("import peerspec.conformance.cli", "reference/node.py", ["peerspec.conformance.cli"]),
        ("def f():\n    from .. import reference", "codecs/wire.py", ["reference"]),
        ("from ..codecs import wire\nimport codecs", "reference/node.py", []),
    ],
)
def test_an_import_that_points_up_is_recognised(source: str, path: str, expected: list[str]) -> None:
    assert upward(imported(source, Path(path)), Path(path)) == expected


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_go_down_only(path: Path) -> None:
    assert upward(imports_of(path), path) == []


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_library_code_imports_the_library_relatively(path: Path) -> None:
    assert [name for name in imports_of(path) if name.split(".")[0] == "peerspec"] == []


def network_of(path: Path) -> str:
    """The network whose folder a module is in; a further role of it has the folder `<network>_<role>`."""
    return path.parts[1].partition("_")[0]


@pytest.mark.parametrize("path", [path for path in MODULES if network_of(path) not in NETWORKS], ids=str)
def test_what_networks_share_imports_no_network(path: Path) -> None:
    assert [name for name in imports_of(path) if NETWORKS & set(name.split("."))] == []


@pytest.mark.parametrize(
    "path", [path for path in MODULES if path.parts[0] == "codecs" and "scapy" not in path.name], ids=str
)
def test_a_codec_does_not_import_scapy(path: Path) -> None:
    assert [name for name in imports_of(path) if name.split(".")[0] == "scapy"] == []


def test_the_floors_hold_no_init_file_of_their_own() -> None:
    assert [floor for floor in (*FLOORS, "spec") if (ROOT / floor / "__init__.py").exists()] == []


def test_the_folder_codecs_does_not_shadow_the_standard_library() -> None:
    # Debuggers ask for unfrozen modules, and then a folder `codecs` on the path is looked at before the library's own.
    program = "import codecs; codecs.lookup('utf-8')"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-X", "frozen_modules=off", "-c", program], env=environment, check=True)


COMMAND = """
import sys
from peerspec.conformance.cli import main
sys.argv = ["peerspec", {word!r}]
try:
    main()
except SystemExit as done:
    assert done.code == 0
"""


@pytest.mark.parametrize(
    "program",
    ["import peerspec.codecs.gnutella", COMMAND.format(word="--help"), COMMAND.format(word="list")],
    ids=["codecs", "--help", "list"],
)
def test_scapy_is_not_loaded_by(program: str, tmp_path: Path) -> None:
    check = "import sys; sys.exit('scapy was imported' if 'scapy' in sys.modules else 0)"
    done = subprocess.run(
        [sys.executable, "-c", f"{program}\n{check}"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
