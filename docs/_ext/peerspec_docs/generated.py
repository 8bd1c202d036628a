"""Pages that are not written in `docs/`: they are put there before Sphinx looks for sources.

- `spec/` is a copy of the specification at the top of the checkout. (A link would do, but MyST resolves links, and then
  finds no page where a relative reference leads.)
- `api/` has a page for each package.
- `evidence/` has for each network its cases and its coverage.

A page that has not changed is not touched, so that it is not read again; one whose subject is gone is removed.
"""

from __future__ import annotations

import importlib
import inspect
import os
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING

from peerspec.conformance.networks import package_of

from .project import networks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .project import Network

SPECIFICATION = Path(__file__).parents[3] / "spec"
FLOORS = {
    "codecs": "one definition a message, and what is derived from it",
    "reference": "nodes that can be read as the specification",
    "conformance": "cases, probes, verdicts",
}
API = """# API

Written from the docstrings. Imports go down only: `conformance` uses `reference`, which uses `codecs`.
"""


def write_pages(srcdir: str | Path) -> None:
    """Brings `spec/`, `api/` and `evidence/` below `srcdir` up to date."""
    _write(Path(srcdir) / "spec", dict(_spec_pages()))
    _write(Path(srcdir) / "api", dict(_api_pages()))
    _write(Path(srcdir) / "evidence", dict(_evidence_pages()))


def _write(folder: Path, pages: dict[str, str]) -> None:
    for name, text in pages.items():
        path = folder / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Another build may be reading: it finds the old page or the new one, never half of one.
            unfinished = path.with_suffix(f".{os.getpid()}")
            unfinished.write_text(text, "utf-8")
            unfinished.replace(path)
    for path in folder.rglob("*"):
        if path.suffix in (".md", ".rst") and path.relative_to(folder).as_posix() not in pages:
            path.unlink(missing_ok=True)


def _spec_pages() -> Iterator[tuple[str, str]]:
    for path in sorted(SPECIFICATION.rglob("*.md")):
        yield path.relative_to(SPECIFICATION).as_posix(), path.read_text("utf-8")


def _api_pages() -> Iterator[tuple[str, str]]:
    index = [API]
    for floor, meaning in FLOORS.items():
        index += [f"## The floor `{floor}`", "", f"{meaning.capitalize()}.", ""]
        packages: dict[str, list[str]] = {}
        for name, is_package in sorted(_modules(f"peerspec.{floor}")):
            packages.setdefault(name if is_package else name.rpartition(".")[0], []).append(name)
        for package, names in sorted(packages.items()):
            short = _short(package)
            index += [f"### {short}", ""]
            index += [f"- {{py:mod}}`{_short(name)} <{name}>`: {_opening(name)}" for name in names]
            index.append("")
            yield f"{short}.rst", "\n".join([_heading(short, "="), *(_module(name, package) for name in names)])
        index += ["```{toctree}", ":hidden:", "", *(_short(package) for package in sorted(packages)), "```", ""]
    yield "index.md", "\n".join(index)


def _short(module: str) -> str:
    return module.removeprefix("peerspec.")


def _heading(text: str, line: str) -> str:
    return f"{text}\n{line * len(text)}\n"


def _module(name: str, package: str) -> str:
    """The part of a package's page that documents one module: under a heading, unless it is the package itself."""
    directive = f".. automodule:: {name}\n"
    return directive if name == package else f"{_heading(_short(name), '-')}\n{directive}"


def _opening(module: str) -> str:
    """The first paragraph of a module's docstring, on one line."""
    text = inspect.getdoc(importlib.import_module(module)) or ""
    return " ".join(text.partition("\n\n")[0].split())


def _modules(package: str) -> Iterator[tuple[str, bool]]:
    """The public modules of a floor, each with whether it is a package; cases and mutants have pages of their own."""
    apart = {module for network in networks() for module in network.case_modules}
    apart |= {f"peerspec.conformance.{package_of(network.name)}.mutants" for network in networks()}
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, package + "."):
        private = any(part.startswith("_") for part in module.name.split("."))
        if not private and not {module.name, module.name.rpartition(".")[0]} & apart:
            yield module.name, module.ispkg


def _evidence_pages() -> Iterator[tuple[str, str]]:
    names = [network.name for network in networks()]
    entries = "\n".join(f"{name}-coverage\n{name}-cases" for name in names)
    yield "index.md", f"# Evidence\n\n```{{toctree}}\n:maxdepth: 1\n\n{entries}\n```\n"
    for network in networks():
        yield f"{network.name}-cases.md", _cases_page(network)
        yield f"{network.name}-coverage.md", _coverage_page(network)


def _cases_page(network: Network) -> str:
    opening = (
        f"# {network.title}: the cases\n\nEvery case, in the order of the report. A case is a function of pytest.\n"
    )
    sections = (
        f"## {title}\n\n:::{{cases}} {network.name}.{section}\n:::\n" for section, title in network.sections.items()
    )
    return "\n".join([opening, *sections])


def _coverage_page(network: Network) -> str:
    return f"""# {network.title}: coverage and scores

:::{{scores}} {network.name}
:::

## Requirements

:::{{coverage}} {network.name}
:::

## Mutants

A mutant is the reference node with one rule broken. It is killed when a case that cites the broken requirement fails,
and cleanly killed when no other case fails but those of requirements that fall with it ("also").

:::{{mutants}} {network.name}
:::

## Null nodes

Nodes that implement nothing. A case that one of them passes proves nothing.

:::{{nulls}} {network.name}
:::
"""
