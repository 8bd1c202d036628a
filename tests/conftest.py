"""What several folders of tests share.

Packages of npm, kept in a cache of the user's, outside the checkout; and benches in the virtual network, before the
reference node of a network or before a scripted one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from peerspec.conformance.bench import Bench, Timing
from peerspec.conformance.builtin import VirtualTarget
from peerspec.conformance.engine import Settings, open_bench
from peerspec.conformance.networks import network_named
from peerspec.reference.node import Node

NpmModules = Callable[..., Path]
MakeAnyBench = Callable[[Callable[[Random], Node] | None], Any]
BenchesOf = Callable[[str], MakeAnyBench]

SETTINGS = Settings(timing=Timing(timeout=1.0))


@pytest.fixture
def benches_of() -> Iterator[BenchesOf]:
    """Gives, for a network, what makes benches before the node that a function builds, or the reference for None."""
    made: list[Bench] = []

    def of(network: str) -> MakeAnyBench:
        def make(node: Callable[[Random], Node] | None) -> Any:
            target = VirtualTarget(
                network_named(network), 1, None if node is None else lambda random, **_: node(random)
            )
            target.start()
            made.append(open_bench(target, SETTINGS, "a test"))
            return made[-1]

        return make

    yield of
    for bench in made:
        bench.finish()


@pytest.fixture(scope="session")
def npm_modules() -> NpmModules:
    """Gives the folder of modules of the packages (`name@version`) that it is called with."""
    return _modules


def _modules(*packages: str) -> Path:
    """The folder of modules in which `packages` are; they are installed if they are not. Skips the test without npm."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip(f"npm is not installed: {', '.join(packages)} can't be had")
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "peerspec"
    cache = caches / "-".join(package.replace("@", "-") for package in packages)
    if not (cache / "node_modules").is_dir():
        caches.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=caches) as fresh:
            _install(npm, packages, fresh)
            installed = Path(fresh) / "whole"
            installed.mkdir()
            (Path(fresh) / "node_modules").rename(installed / "node_modules")
            try:
                installed.rename(cache)
            except OSError:  # another process of this run was faster
                if not (cache / "node_modules").is_dir():
                    raise
    return cache / "node_modules"


def _install(npm: str, packages: tuple[str, ...], folder: str) -> None:
    command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--silent", "--prefix", folder, *packages]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip(f"npm did not install {', '.join(packages)} within a minute")
    if done.returncode:
        pytest.skip(f"npm can't install {', '.join(packages)}: {done.stderr.strip()[-200:]}")
