"""The catalogue: the cases of a network, collected by pytest, each with its section, title and requirements.

Cases are collected once per process, by a pytest session that collects and runs nothing: parametrization, ids and
assertion rewriting are pytest's own. Whatever pytest settings the user has (a `pytest.ini`, `PYTEST_ADDOPTS`, other
plugins) stay out of it. Running a case is then a plain call, `case.run(bench)`.

Nothing here imports scapy, nor opens anything.
"""

from __future__ import annotations

import functools
import importlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .checks import checks_of
from .networks import Network, network_named

if TYPE_CHECKING:
    import pytest

    from .bench import Bench


class CatalogueError(Exception):
    """The cases of a network can't be collected: a section's file is missing or does not import. Our own fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case. `id` is `section/name`, with pytest's `[parameters]` at the end when it is parametrized."""

    id: str
    network: str
    section: str
    title: str
    requirements: tuple[str, ...]
    features: tuple[str, ...]
    function: Callable[..., object] = field(repr=False)
    arguments: Mapping[str, Any] = field(repr=False)

    def run(self, bench: Bench) -> None:
        """Run the case: returns when it holds, raises one of the outcomes otherwise."""
        self.function(bench, **self.arguments)

    def __reduce__(self) -> tuple[Callable[[str, str], Case], tuple[str, str]]:
        """A case goes to another process by its name."""
        return (case_named, (self.network, self.id))


@functools.cache
def cases(network: str) -> tuple[Case, ...]:
    """The cases of `network`, sections in their order (LookupError for an unknown network, CatalogueError)."""
    known = network_named(network)
    files = section_files(known)
    collector = _Collector(known, files)
    _collect(list(files), collector)
    order = list(known.sections)
    return tuple(sorted(collector.cases, key=lambda case: order.index(case.section)))


def case_named(network: str, id_: str) -> Case:
    """The case of that id (LookupError)."""
    for case in cases(network):
        if case.id == id_:
            return case
    raise LookupError(f"no case {id_!r}")


def section_files(network: Network) -> dict[Path, str]:
    """The file of each section (CatalogueError when one is missing)."""
    return {_module_file(network, section): section for section in network.sections}


def _module_file(network: Network, section: str) -> Path:
    package = importlib.import_module(type(network).__module__)
    for root in package.__path__:
        path = Path(root, f"{section}.py")
        if path.is_file():
            return path.resolve()
    raise CatalogueError(f"{network.name}: there is no file for the section {section!r}")


def case_modules(network: Network) -> tuple[str, ...]:
    """The full names of the modules that hold the cases."""
    return tuple(f"{type(network).__module__}.{section}" for section in network.sections)


def _collect(paths: list[Path], collector: _Collector) -> None:
    """Let pytest collect `paths` and hand what it finds to `collector`."""
    import pytest

    quiet = ["-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:faulthandler", "-p", "no:logging"]
    with _undisturbed():
        code = pytest.main(
            ["--collect-only", "-c", os.devnull, f"--rootdir={paths[0].parent}", "-s", *quiet, *map(str, paths)],
            plugins=[collector],
        )
    if collector.problems:
        raise CatalogueError("\n".join(collector.problems))
    if code == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise CatalogueError(f"pytest could not collect the cases ({code!r})")


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep the user's pytest settings in the environment out of a session of ours."""
    saved = {name: os.environ.pop(name, None) for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")}
    saved["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        for name, value in saved.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


class _Collector:
    """The pytest plugin of the collecting session."""

    def __init__(self, network: Network, sections: dict[Path, str]) -> None:
        self.cases: list[Case] = []
        self.problems: list[str] = []
        self._network = network
        self._sections = sections

    def pytest_configure(self, config: pytest.Config) -> None:
        import pytest

        config.addinivalue_line("python_functions", "test_*")
        pytest.register_assert_rewrite(*case_modules(self._network))

    def pytest_pycollect_makemodule(self, module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
        return make_module(self._network, self._sections, module_path, parent)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.problems.append(f"{report.nodeid}: {report.longreprtext}")

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        self.cases.append(case_of(self._network, self._sections, item))


def make_module(
    network: Network, sections: Mapping[Path, str], path: Path, parent: pytest.Collector
) -> pytest.Module | None:
    """Pytest's collector for a file of cases, imported under its own full name; None for any other file."""
    import pytest

    section = sections.get(path.resolve())
    if section is None:
        return None
    name = f"{type(network).__module__}.{section}"

    class CaseModule(pytest.Module):
        """A section of cases. It is a part of an installed package, so it is imported like one."""

        def _getobj(self) -> ModuleType:
            try:
                return importlib.import_module(name)
            except ImportError as error:
                raise self.CollectError(f"{name} can't be imported: {error}") from error

    module: pytest.Module = CaseModule.from_parent(parent, path=path)
    return module


def case_of(network: Network, sections: Mapping[Path, str], item: pytest.Item) -> Case:
    """The case that an item of pytest's is."""
    import pytest

    if not isinstance(item, pytest.Function):
        raise CatalogueError(f"{item.nodeid} is no function")
    section = sections[item.path.resolve()]
    callspec = getattr(item, "callspec", None)
    marked = checks_of(item.function)
    plain = item.originalname.removeprefix("test_")
    suffix = item.name[len(item.originalname) :]
    return Case(
        id=f"{section}/{plain}{suffix}",
        network=network.name,
        section=section,
        title=network.sentence(plain) + (f" {suffix}" if suffix else ""),
        requirements=marked.requirements,
        features=marked.features,
        function=item.function,
        arguments=dict(callspec.params) if callspec is not None else {},
    )
