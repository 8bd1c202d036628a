"""The pytest plugin: the cases of a network as tests of pytest's own.

    pytest --pyargs peerspec.conformance.gnutella --target 127.0.0.1:6346

Without `--target` the built-in node is started and judged. A MUST that is broken fails the test; a SHOULD that is
broken, a MAY that the node does not do and a deviation that the target file names as known are expected failures; what
the node does not offer, and what could not be tried, is skipped with the reason.

Cases carry marks, `-m "must and forwarding"`: the level of the strongest requirement that they check, and their
section. `-k GNU-FWD-02` selects by requirement. With pytest-xdist, `-n 4`, each process judges a node of its own, or,
where the target is an address, they take turns at the one node.

Being installed, this plugin is loaded by every pytest run on the machine. So it imports nothing, adds no option, no
fixture and no output until cases of peerspec are asked for.
"""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

_PACKAGE = "peerspec.conformance"
_FOLDER = "conformance"


def pytest_load_initial_conftests(parser: pytest.Parser, args: list[str]) -> None:
    """Add the options, when cases are among what is asked for."""
    if any(_PACKAGE in word or f"{_FOLDER}/" in word for word in args):
        from .pytest_cases import add_options

        add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Get ready to run cases, when the options are there."""
    if hasattr(config.option, "peerspec_seed"):
        from .pytest_cases import prepare

        prepare(config)


@functools.cache
def _among_networks(folder: Path) -> bool:
    """Whether `folder` lies where the networks' folders lie. Quick, and imports nothing."""
    if folder.parent.name != _FOLDER:
        return False
    package = importlib.util.find_spec(_PACKAGE)
    portions = package.submodule_search_locations if package is not None else None
    return str(folder.parent.resolve()) in {str(Path(each).resolve()) for each in portions or ()}


def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a folder of cases as a folder: it is a part of an installed package, which pytest need not import."""
    if not _among_networks(path):
        return None
    from .pytest_cases import collect_folder

    return collect_folder(path, parent)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a file of cases, whose name need not begin with `test_`."""
    if not _among_networks(file_path.parent) or parent.session.isinitpath(file_path):
        return None
    from .pytest_cases import collect_section

    return collect_section(file_path, parent)


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The same for a file that is named on the command line."""
    if not _among_networks(module_path.parent):
        return None
    from .pytest_cases import collect_section

    return collect_section(module_path, parent)
