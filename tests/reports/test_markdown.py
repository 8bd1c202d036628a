from __future__ import annotations

from peerspec.conformance.reports import markdown as module
from peerspec.conformance.reports.document import Document
from peerspec.conformance.reports.markdown import markdown
from peerspec.conformance.verdicts import Outcome

from .conftest import document, judged


def test_a_summary_counts_and_explains() -> None:
    text = markdown(
        document(
            judged("ping/holds"),
            judged("ping/fails [a b]", Outcome.FAILED, actual="silence"),
            judged("echo/known", Outcome.FAILED, known="reported #3"),
            exit_code=1,
        )
    )
    lines = text.splitlines()
    assert lines[0] == "## ✘ Toy: Toy 1 does not conform"
    assert lines[2:7] == [
        "| section | ✔ pass | ✘ fail | ≈ known |",
        "|---|--:|--:|--:|",
        "| Ping | 1 | 1 |  |",
        "| Echo |  |  | 1 |",
        "| **all** | **1** | **1** | **1** |",
    ]
    assert "<details><summary>✘ fail: fails [a b]</summary>" in lines
    assert "- `TOY-A-01` (MUST): A node MUST answer \\`PING\\`. Source: Toy, 1" in lines
    assert lines[lines.index("- expected: `a pong`") + 1] == "- or: `a close`"
    assert "- actual: `silence`" in lines
    assert "- again: `peerspec check toy 'ping/fails [a b]'`" in lines
    assert lines[-3:] == ["### Known deviations", "", "- ✘ `echo/known`: reported \\#3"]


def test_what_a_node_sent_stays_text(everything: Document) -> None:
    text = markdown(everything)
    outside = [part for number, part in enumerate(text.split("``")) if number % 2 == 0]
    assert "<script>" not in "".join(outside)
    assert "<img" not in "".join(outside)
    assert not any(character in text for character in "\x00\x1b\u202e")


def test_a_summary_stays_small() -> None:
    cases = [judged(f"ping/{at}", Outcome.FAILED, actual="x" * 10_000) for at in range(3000)]
    text = markdown(document(*cases))
    assert len(text.encode()) < 200_000  # GitHub takes a MiB
    assert text.count("<details>") == module.MOST_EXPLAINED
    assert text.count("\n- ✘ `") == module.MOST_LISTED
    assert text.endswith(f"- and {3000 - module.MOST_EXPLAINED - module.MOST_LISTED} more\n")
