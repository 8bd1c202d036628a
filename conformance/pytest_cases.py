"""Cases under plain pytest: what `plugin` loads once cases are asked for.

Collecting, marks, the fixture `bench`, the target's life, verdicts. Nothing but what a user of pytest sees is different
from `peerspec check`: stale known deviations are found by that only, since a process of xdist's sees a part of the run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from ..codecs.errors import DecodeError
from .bench import Bench, Timing
from .catalogue import Case, case_modules, case_of, make_module, section_files
from .engine import Settings, missing_feature, open_bench
from .networks import Network, name_of, network_named, network_names
from .outcomes import Inconclusive, Unreachable, Unsupported
from .requirements import load
from .selection import SelectionError, choose_target
from .session import Session
from .target import Target, TargetError, TargetUsageError
from .turns import turn
from .verdicts import ExitCode, Level

if TYPE_CHECKING:
    from pathlib import Path

    from .targetfile import TargetFile

_PLUGIN = "peerspec-cases"
_PREPARED = "peerspec-ending"
_ENDED = "peerspec"
"""What a process of xdist leaves behind when no case can be judged: the exit code, under this name."""

_LEVELS = {
    Level.MUST: "cases that check a requirement which a node MUST meet",
    Level.SHOULD: "cases that check nothing stronger than a SHOULD",
    Level.MAY: "cases that check only what a node MAY do",
}


def add_options(parser: pytest.Parser) -> None:
    """The options that say what is judged, and how."""
    group = parser.getgroup("peerspec", "judging a node by the cases of its network")
    group.addoption("--target", metavar="TARGET", help="address, target file, or virtual; otherwise the built-in node")
    group.addoption("--peerspec-seed", type=int, default=1, metavar="N", help="seed of all that is random")
    group.addoption("--peerspec-timeout", type=float, metavar="SECONDS", help="seconds for what must come")
    group.addoption("--peerspec-patience", type=float, metavar="SECONDS", help="seconds to wait for the node's clock")


def prepare(config: pytest.Config) -> None:
    """Register the marks of cases (their level, their section), and who brings the processes of xdist to an end."""
    if config.pluginmanager.has_plugin(_PREPARED):
        return
    config.pluginmanager.register(Ending(), _PREPARED)
    for level, meaning in _LEVELS.items():
        config.addinivalue_line("markers", f"{level.lower()}: {meaning}")
    for network in map(network_named, network_names()):
        for section, title in network.sections.items():
            config.addinivalue_line("markers", f"{section}: cases of {network.title}, section {title}")


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
            prepare(parent.config)
        pytest.register_assert_rewrite(*case_modules(network))
    return module


def _network_at(folder: Path) -> Network | None:
    """The network whose cases are in `folder`."""
    if name_of(folder.name) not in network_names():
        return None
    network = network_named(name_of(folder.name))
    return network if folder.resolve() in {path.parent for path in section_files(network)} else None


def _judged_by(item: pytest.Item) -> Case | None:
    """The case that an item is; None for a test of somebody else's."""
    network = _network_at(item.path.parent)
    return None if network is None else case_of(network, section_files(network), item)


class Ending:
    """Gives the exit code of a process of xdist that could not judge to the whole run."""

    def __init__(self) -> None:
        self._code: int | None = None

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        """A process has ended."""
        self._code = getattr(node, "workeroutput", {}).get(_ENDED, self._code)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """All have."""
        if self._code is not None:
            session.exitstatus = self._code


class CasePlugin:
    """Registered with the first file of cases: the marks, the fixture, the target's life, and the verdicts."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._sessions: dict[str, Session] = {}
        self._targets: dict[str, Target] = {}
        self._files: dict[str, TargetFile | None] = {}

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Let a case be selected by level and section (`-m`) and by the requirements that it checks (`-k`)."""
        if (case := _judged_by(item)) is not None:
            item.add_marker(load(case.network).strongest(case.requirements).lower())
            item.add_marker(case.section)
            item.extra_keyword_matches.update(case.requirements)

    @pytest.fixture
    def bench(self, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
        """The node under test and the means to reach it."""
        case = _judged_by(request.node)
        assert case is not None
        self._running = request.session
        target = self._target(case.network)
        if missing := missing_feature(case, target, load(case.network)):
            pytest.skip(f"unsupported: {missing}")
        with ExitStack() as stack:
            if self._processes > 1 and not target.ours:
                # pytest-xdist gives each process a folder of its own beside those of the others
                stack.enter_context(turn(tmp_path_factory.getbasetemp().parent / "peerspec.turn"))
            session = self._session(case.network, target)
            opened = open_bench(target, session.settings, case.id)
            try:
                yield opened
            finally:
                died = target.died()
                opened.finish()
        if died is not None:
            target.restart()
            pytest.fail(died, pytrace=False)

    @property
    def _processes(self) -> int:
        """How many processes run the cases."""
        return int(self._worker.get("workercount", 1))

    @property
    def _worker(self) -> Mapping[str, Any]:
        """What xdist told the process that this is; empty without xdist."""
        found: Mapping[str, Any] = getattr(self._config, "workerinput", {})
        return found

    def _target(self, network: str) -> Target:
        """The target for `network`, chosen when it is first needed."""
        if network not in self._targets:
            option = self._config.getoption
            try:
                target, file = choose_target(
                    network_named(network), option("--target", None), option("--peerspec-seed", 1)
                )
            except (SelectionError, TargetUsageError) as error:
                self._give_up(str(error), ExitCode.USAGE)
            except TargetError as error:
                self._give_up(str(error), ExitCode.UNREACHABLE)
            if self._processes > 1:
                number = int(str(self._worker["workerid"]).removeprefix("gw"))
                target.divide(number % self._processes, self._processes)
            self._targets[network] = target
            self._files[network] = file
        return self._targets[network]

    def _give_up(self, reason: str, code: int) -> NoReturn:
        """End the run: no case can be judged."""
        output = getattr(self._config, "workeroutput", None)
        if output is None:
            pytest.exit(reason, code)
        # a process of xdist that exits at once is an internal error of xdist's
        output[_ENDED] = code
        self._running.shouldstop = reason
        pytest.fail(reason, pytrace=False)

    def _session(self, network: str, target: Target) -> Session:
        """The session with the target, begun when it is first needed."""
        if network not in self._sessions:
            file, option = self._files[network], self._config.getoption
            timeout = option("--peerspec-timeout", None) or (file.timeout if file else None)
            patience = option("--peerspec-patience", None)
            timing = Timing(patience=(file.patience if file else 0.0) if patience is None else patience)
            settings = Settings(
                seed=option("--peerspec-seed", 1), timing=replace(timing, timeout=timeout) if timeout else timing
            )
            session = Session(target, settings, scale_timeout=timeout is None)
            self._sessions[network] = session
            try:
                target.start()
                session.preflight()
            except TargetUsageError as error:
                self._give_up(str(error), ExitCode.USAGE)
            except TargetError as error:
                self._give_up(str(error), ExitCode.UNREACHABLE)
        return self._sessions[network]

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Iterator[None]:
        """Turn outcomes that are no failure into what pytest calls them."""
        case = _judged_by(pyfuncitem)
        if case is None:
            return (yield)
        try:
            return (yield)
        except Unsupported as outcome:
            pytest.skip(f"unsupported: {outcome}")
        except Inconclusive as outcome:
            pytest.skip(f"inconclusive: {outcome}")
        except (AssertionError, DecodeError, Unreachable) as failure:
            said = str(failure).partition("\n")[0]
            level = load(case.network).strongest(case.requirements)
            if level is not Level.MAY and (reason := self._known(case)):
                pytest.xfail(f"known deviation, {reason}: {said}")
            if level is Level.MUST:
                raise
            pytest.xfail(f"{' '.join(case.requirements)} ({level}): {said}")

    def _known(self, case: Case) -> str:
        """Why the target may deviate in this case; empty when nobody says that it may."""
        ids = (*case.requirements, case.id)
        return next((known.reason for known in self._target(case.network).deviations if known.id in ids), "")

    def pytest_sessionfinish(self) -> None:
        """Stop the targets."""
        for session in self._sessions.values():
            session.target.stop()
