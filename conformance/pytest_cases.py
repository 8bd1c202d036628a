"""Cases under plain pytest: what `plugin` loads once cases are asked for. Collecting, the fixture `bench`, verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from .bench import Bench, Timing
from .catalogue import case_modules, case_of, make_module, section_files
from .engine import Settings, missing_feature, open_bench
from .networks import Network, network_named, network_names
from .outcomes import Inconclusive, Unsupported
from .requirements import load
from .selection import SelectionError, choose_target
from .session import Session
from .target import TargetError, TargetUsageError
from .verdicts import ExitCode, Level

if TYPE_CHECKING:
    from pathlib import Path

_PLUGIN = "peerspec-cases"


def add_options(parser: pytest.Parser) -> None:
    """The options that say what is judged, and how."""
    group = parser.getgroup("peerspec", "judging a node by the cases of its network")
    group.addoption("--target", metavar="TARGET", help="address, target file, or virtual; otherwise the built-in node")
    group.addoption("--peerspec-seed", type=int, default=1, metavar="N", help="seed of all that is random")
    group.addoption("--peerspec-timeout", type=float, metavar="SECONDS", help="seconds for what must come")
    group.addoption("--peerspec-patience", type=float, metavar="SECONDS", help="seconds to wait for the node's clock")


def collect_folder(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A folder of cases; None for any other."""
    if _network_at(path) is None:
        return None
    folder: pytest.Dir = pytest.Dir.from_parent(parent, path=path)
    return folder


def collect_section(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A file of cases; None for any other."""
    network = _network_at(path.parent)
    if network is None:
        return None
    module = make_module(network, section_files(network), path, parent)
    if module is not None:
        manager = parent.config.pluginmanager
        if not manager.has_plugin(_PLUGIN):
            manager.register(CasePlugin(parent.config), _PLUGIN)
        pytest.register_assert_rewrite(*case_modules(network))
    return module


def _network_at(folder: Path) -> Network | None:
    """The network whose cases are in `folder`."""
    if folder.name not in network_names():
        return None
    network = network_named(folder.name)
    return network if folder.resolve() in {path.parent for path in section_files(network)} else None


class CasePlugin:
    """Registered with the first file of cases: the fixture, the target's life, and the verdicts."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._sessions: dict[str, Session] = {}

    @pytest.fixture
    def bench(self, request: pytest.FixtureRequest) -> Iterator[Bench]:
        """The node under test and the means to reach it."""
        network = _network_at(request.path.parent)
        assert network is not None
        session = self._session(network)
        case = case_of(network, section_files(network), request.node)
        if missing := missing_feature(case, session.target, load(network.name)):
            pytest.skip(f"unsupported: {missing}")
        opened = open_bench(session.target, session.settings, case.id)
        try:
            yield opened
        finally:
            died = session.target.died()
            opened.finish()
        if died is not None:
            session.target.restart()
            pytest.fail(died, pytrace=False)

    def _session(self, network: Network) -> Session:
        """The session with the target for `network`, begun when it is first needed."""
        if network.name not in self._sessions:
            option = self._config.getoption
            try:
                target, file = choose_target(network, option("--target", None), option("--peerspec-seed", 1))
                timeout = option("--peerspec-timeout", None) or (file.timeout if file else None)
                session = Session(target, self._settings(timeout), scale_timeout=timeout is None)
                self._sessions[network.name] = session
                target.start()
                session.preflight()
            except SelectionError as error:
                pytest.exit(str(error), ExitCode.USAGE)
            except TargetUsageError as error:
                pytest.exit(str(error), ExitCode.USAGE)
            except TargetError as error:
                pytest.exit(str(error), ExitCode.UNREACHABLE)
        return self._sessions[network.name]

    def _settings(self, timeout: float | None) -> Settings:
        option = self._config.getoption
        timing = Timing(patience=option("--peerspec-patience", None) or 0.0)
        return Settings(
            seed=option("--peerspec-seed", 1), timing=replace(timing, timeout=timeout) if timeout else timing
        )

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Iterator[None]:
        """Turn outcomes that are no failure into what pytest calls them."""
        network = _network_at(pyfuncitem.path.parent)
        try:
            return (yield)
        except Unsupported as outcome:
            pytest.skip(f"unsupported: {outcome}")
        except Inconclusive as outcome:
            pytest.skip(f"inconclusive: {outcome}")
        except AssertionError as failure:
            if network is None:
                raise
            case = case_of(network, section_files(network), pyfuncitem)
            level = load(network.name).strongest(case.requirements)
            if level is Level.MUST:
                raise
            said = str(failure).partition("\n")[0]
            pytest.xfail(f"{' '.join(case.requirements)} ({level}): {said}")

    def pytest_sessionfinish(self) -> None:
        """Stop the targets."""
        for session in self._sessions.values():
            session.target.stop()
