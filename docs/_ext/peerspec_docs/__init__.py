"""The Sphinx extension that prints peerspec: requirements, layouts, state machines, cases, coverage and the API.

One directive a file. What a page is computed from is in `project`; pages that exist only in the docs are written by
`generated` before Sphinx looks for sources.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from .docstrings import to_rst
from .evidence import CasesDirective, CoverageDirective
from .generated import write_pages
from .layout import LayoutDirective
from .project import digest, load_results
from .proof import MutantsDirective, NullsDirective, ScoresDirective
from .requirement import RequirementDirective
from .statemachine import StateMachineDirective

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def setup(app: Sphinx) -> dict[str, Any]:
    """Registers the directives and the hooks."""
    app.add_directive("requirement", RequirementDirective)
    app.add_directive("layout", LayoutDirective)
    app.add_directive("statemachine", StateMachineDirective)
    app.add_directive("cases", CasesDirective)
    app.add_directive("coverage", CoverageDirective)
    app.add_directive("mutants", MutantsDirective)
    app.add_directive("nulls", NullsDirective)
    app.add_directive("scores", ScoresDirective)
    app.add_config_value("peerspec_results", "_results", "", str)
    app.connect("builder-inited", _prepare)
    app.connect("env-get-outdated", _stale)
    app.connect("autodoc-process-docstring", _docstring)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}


def _prepare(app: Sphinx) -> None:
    load_results(Path(app.confdir, app.config.peerspec_results))
    write_pages(app.srcdir)


def _stale(_app: Sphinx, env: BuildEnvironment, *_documents: set[str]) -> list[str]:
    """The pages made from cases, mutants and results, if any of these have changed since the last build."""
    now = digest()
    changed = getattr(env, "peerspec_digest", now) != now
    env.peerspec_digest = now  # type: ignore[attr-defined]
    return [name for name in env.found_docs if name.startswith(("spec/", "evidence/"))] if changed else []


def _docstring(_app: Sphinx, _what: str, _name: str, _object: object, _options: object, lines: list[str]) -> None:
    lines[:] = to_rst(lines)
