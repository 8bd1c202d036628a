from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest
from rich.console import Console

from peerspec.conformance.reports.compare import columns, difference, matrix
from peerspec.conformance.reports.compare_html import page
from peerspec.conformance.reports.compare_terminal import print_difference, print_matrix
from peerspec.conformance.reports.document import Document, DocumentError, Judged, encode
from peerspec.conformance.verdicts import Outcome

from .conftest import NASTY, call, document, judged

HELD, FAILED, OPEN, LACKS, ERROR = (
    Outcome.HELD, Outcome.FAILED, Outcome.INCONCLUSIVE, Outcome.UNSUPPORTED, Outcome.ERROR,
)  # fmt: skip


def files(folder: Path, *documents: Document) -> list[Path]:
    paths = []
    for number, each in enumerate(documents):
        paths.append(folder / f"{number}.json")
        paths[-1].write_bytes(encode(each))
    return paths


def printed(print_: object, *words: object, **options: object) -> list[str]:
    out = io.StringIO()
    assert callable(print_)
    print_(Console(file=out, width=1000, highlight=False), *words, **options)
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_a_cell_is_the_worst_of_its_cases(tmp_path: Path) -> None:
    found = matrix(
        columns(
            files(
                tmp_path,
                document(judged("p/1"), judged("p/2", FAILED), judged("p/3", OPEN), name="one"),
                document(
                    judged("p/1"), judged("p/2", FAILED, "TOY-A-02"), judged("p/4", LACKS, "TOY-B-01"), name="two"
                ),
                document(
                    judged("p/2", FAILED, known="why"),
                    judged("p/3", ERROR),
                    judged("e/1", FAILED, "TOY-B-01"),
                    name="x",
                ),
            )
        )
    )
    assert [row.id for row in found.rows] == ["TOY-A-01", "TOY-A-02", "TOY-B-01"]
    assert [[cell.text for cell in row.cells] for row in found.rows] == [
        ["fail 1/3", "pass", "known 1/2"],
        ["not judged", "warn", "not judged"],
        ["not judged", "unsupported", "does not"],
    ]
    assert [row.differs for row in found.rows] == [True, False, True]
    assert found.rows[0].cells[0].cases == ("p/2",)
    assert found.counts[2] == {"known": 1, "missing": 1, "info": 1}


def test_nodes_of_one_name_are_told_apart_by_their_files(tmp_path: Path) -> None:
    paths = files(tmp_path, document(judged("p/1")), document(judged("p/1")), document(judged("p/1"), name="other"))
    assert [each.name for each in columns(paths)] == [f"Toy 1 ({paths[0]})", f"Toy 1 ({paths[1]})", "other"]


def test_reports_of_several_networks_cannot_be_compared(tmp_path: Path) -> None:
    paths = files(tmp_path, document(judged("p/1")), document(judged("p/1"), network="other"))
    with pytest.raises(DocumentError, match=r"1\.json is a report of other, .*0\.json of toy: they can't be compared"):
        columns(paths)


@pytest.mark.parametrize(
    ("before", "after", "became"),
    [
        (judged("p/1"), judged("p/1"), "same"),
        (judged("p/1"), judged("p/1", FAILED), "worse"),
        (judged("p/1", HELD, "TOY-A-02"), judged("p/1", FAILED, "TOY-A-02"), "worse"),
        (judged("p/1"), judged("p/1", OPEN), "worse"),
        (judged("p/1"), judged("p/1", LACKS), "worse"),
        (judged("p/1"), judged("p/1", ERROR), "worse"),
        (judged("p/1"), None, "worse"),
        (judged("p/1"), judged("p/1", FAILED, known="accepted"), "changed"),
        (judged("p/1", FAILED, known="accepted"), judged("p/1", FAILED), "changed"),
        (judged("p/1", FAILED), judged("p/1", FAILED), "same"),
        (judged("p/1", FAILED), judged("p/1"), "better"),
        (judged("p/1", OPEN), judged("p/1"), "better"),
        (judged("p/1", OPEN), judged("p/1", FAILED), "changed"),
        (judged("p/1", FAILED), None, "changed"),
        (None, judged("p/1"), "changed"),
        (None, judged("p/1", FAILED), "changed"),
        (judged("p/1", HELD, "TOY-B-01"), judged("p/1", FAILED, "TOY-B-01"), "changed"),
        (judged("p/1", HELD, "TOY-B-01"), None, "changed"),
    ],
)
def test_only_what_held_can_get_worse(before: Judged | None, after: Judged | None, became: str) -> None:
    old, new = (document(judged("p/0"), *([each] if each else [])) for each in (before, after))
    found = difference(old, new)
    counts = {
        "worse": len(found.worse),
        "better": len(found.better),
        "changed": len(found.changed),
        "same": found.same - 1,
    }
    assert counts == {**dict.fromkeys(counts, 0), became: 1}


def test_strictness_alone_makes_nothing_worse() -> None:
    import msgspec

    from peerspec.conformance.verdicts import Verdict

    warned = judged("p/1", FAILED, "TOY-A-02")
    found = difference(document(warned), document(msgspec.structs.replace(warned, verdict=Verdict.FAIL)))
    assert (found.same, found.worse) == (1, [])


def test_the_terminal_gets_a_line_for_each_requirement(tmp_path: Path) -> None:
    paths = files(
        tmp_path,
        document(judged("p/1"), judged("p/2", HELD, "TOY-A-02"), name=f"one {NASTY}"),
        document(judged("p/1", FAILED), judged("p/2", HELD, "TOY-A-02"), name="two", exit_code=1),
    )
    found = matrix(columns(paths))
    lines = printed(print_matrix, found)
    assert "\x1b" not in "".join(lines)
    assert lines[1] == "B  two  does not conform, 2 cases, 2026-01-02T03:04:05+00:00"
    assert lines[3:7] == [
        "                  A             B",
        "TOY-A-01  MUST    ✔ pass        ✘ fail",
        "TOY-A-02  SHOULD  ✔ pass        ✔ pass",
        "TOY-B-01  MAY     - not judged  - not judged",
    ]
    assert lines[-3:] == [
        "A  3 requirements: 2 pass, 1 not judged",
        "B  3 requirements: 1 pass, 1 fail, 1 not judged",
        "1 requirements on which the nodes differ",
    ]
    assert [line for line in printed(print_matrix, found, differences=True) if line.startswith("TOY")] == [
        "TOY-A-01  MUST    ✔ pass  ✘ fail"
    ]


def test_the_terminal_says_what_became_of_a_node() -> None:
    lines = printed(
        print_difference,
        difference(
            document(judged("p/1"), judged("p/2", FAILED), judged("p/3", LACKS), judged("p/4")),
            document(judged("p/1", FAILED), judged("p/2"), judged("p/4")),
        ),
    )
    assert lines == [
        "Worse",
        "  p/1  pass -> fail  TOY-A-01",
        "",
        "Better",
        "  p/2  fail -> pass  TOY-A-01",
        "",
        "Changed",
        "  p/3  unsupported -> missing  TOY-A-01",
        "",
        "1 worse, 1 better, 1 changed, 1 same",
    ]


def test_the_page_escapes_what_stands_in_reports(tmp_path: Path) -> None:
    paths = files(tmp_path, document(judged(f"p/{NASTY}", FAILED), name=NASTY), document(judged("p/2"), name="two"))
    found = columns(paths)
    text = page(matrix(found), difference(found[0].document, found[1].document))
    assert text.count("<script>") == 1
    assert "<img" not in text
    assert not any(character in text for character in "\x00\x1b\u202e")


def compared(*words: str | Path) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = call("compare", *map(str, words))
    return code, out.getvalue(), err.getvalue()


def test_the_command_reads_files_and_folders(broken: Path, sound: Path, tmp_path: Path) -> None:
    code, out, err = compared(broken, sound, "--differences", "--html", tmp_path / "new" / "matrix.html")
    assert (code, err) == (0, "")
    assert "GNU-FWD-02  MUST    ✘ fail" in out
    assert "GNU-FWD-01" not in out
    assert "KeepsTheHops" in (tmp_path / "new" / "matrix.html").read_text()


def test_the_command_explains_itself() -> None:
    code, out, err = compared("--help")
    assert (code, err) == (0, "")
    assert "Usage: peerspec compare [OPTIONS] REPORT..." in out
    assert "1 when something is worse than in the baseline" in " ".join(out.split())


def test_the_command_fails_only_when_something_got_worse(broken: Path, sound: Path) -> None:
    code, out, _ = compared(broken, "--baseline", sound)
    assert code == 1
    assert out.startswith("Worse\n")
    assert "  pass -> fail  GNU-FWD-02" in out
    assert "pass -> missing  GNU-DUP-01" in out
    code, out, _ = compared(sound, "--baseline", broken)
    assert code == 0
    assert out.startswith("Better\n")
    assert compared(broken, "--baseline", broken)[0] == 0


def test_bad_words_are_refused(broken: Path, sound: Path, tmp_path: Path) -> None:
    (tmp_path / "later.json").write_text('{"format": 2}')
    (other,) = files(tmp_path, document(judged("p/1")))
    for words, said in (
        ([tmp_path / "nosuch.json"], "no such file or directory"),
        ([tmp_path], "no such file or directory"),
        ([tmp_path / "later.json"], "a report of format 2"),
        ([sound, "--baseline", tmp_path / "later.json"], "a report of format 2"),
        ([sound, other], "they can't be compared"),
        ([broken, sound, "--baseline", sound], "not 2"),
        ([Path(__file__)], "not a report of peerspec"),
        ([sound, "--html", broken / "report.json" / "x"], "can't be written"),
        ([], "Missing argument 'REPORT...'"),
    ):
        code, out, err = compared(*words)
        assert (code, out) == (2, ""), words
        assert said in err
        assert err.startswith("peerspec: ")
        assert err.count("\n") == 1
