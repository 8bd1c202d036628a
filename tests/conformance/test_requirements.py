from __future__ import annotations

import pytest

from peerspec.conformance.requirements import RequirementError, Requirements, load, parse
from peerspec.conformance.verdicts import Level

GOOD = """# A page

:::{requirement} TOY-SAY-01
:level: SHOULD
:binds: node
:source: Toy 1,
  section 2
:observe: It is heard.
:feature: dial
:time: 60
A node SHOULD pass on
what is said.

Because others want to hear it.
:::
"""


def test_a_block_is_read_with_all_its_options() -> None:
    (found,) = parse(GOOD, "page.md")
    assert found.id == "TOY-SAY-01"
    assert found.level is Level.SHOULD
    assert found.text == "A node SHOULD pass on what is said."
    assert found.explanation == "Because others want to hear it."
    assert found.source == "Toy 1, section 2"
    assert (found.binds, found.observe, found.untestable) == ("node", "It is heard.", None)
    assert (found.feature, found.time) == ("dial", 60.0)
    assert (found.page, found.line) == ("page.md", 3)
    assert found.testable
    assert found.topic == "TOY-SAY"


@pytest.mark.parametrize("fence", ["```", "````text", "~~~"])
def test_a_block_inside_a_code_fence_is_an_example(fence: str) -> None:
    closing = fence.rstrip("tex")
    shown = GOOD.replace("TOY-SAY-01", "TOY-SAY-99")
    assert [each.id for each in parse(f"{fence}\n{shown}\n{closing}\n{GOOD}", "page.md")] == ["TOY-SAY-01"]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("TOY-SAY-01", "say-1", "an id is NETWORK-TOPIC-NN"),
        ("TOY-SAY-01", "", "an id is NETWORK-TOPIC-NN"),
        (":level: SHOULD\n", "", ":level: is missing"),
        (":level: SHOULD", ":level: PERHAPS", "level 'PERHAPS' is none of MUST, SHOULD, MAY"),
        (":binds: node\n", "", ":binds: is missing"),
        (":observe: It is heard.\n", "", "exactly one of :observe: and :untestable:"),
        (":observe: It", ":untestable: No.\n:observe: It", "exactly one of :observe: and :untestable:"),
        (":feature: dial", ":feature: dial\n:colour: red", "unknown option :colour:"),
        (":feature: dial", ":feature: dial\n:feature: stop", ":feature: is given twice"),
        (":feature: dial", ":feature:", ":feature: is empty"),
        (":time: 60", ":time: a while", "time 'a while' is no number of seconds"),
        ("A node SHOULD pass", "A node will pass", "the sentence does not say SHOULD"),
        ("A node SHOULD pass", "A node MUST pass", "the sentence does not say SHOULD"),
        ("A node SHOULD pass on\nwhat is said.\n\nBecause others want to hear it.\n", "", "the sentence is missing"),
        ("it.\n:::", "it.\n", "the block is never closed by :::"),
    ],
)
def test_a_broken_block_is_refused_with_its_place(old: str, new: str, reason: str) -> None:
    with pytest.raises(RequirementError) as caught:
        list(parse(GOOD.replace(old, new), "page.md"))
    assert str(caught.value).startswith("page.md:3: ")
    assert reason in str(caught.value)


def test_an_id_stands_once_and_all_begin_with_one_word() -> None:
    with pytest.raises(RequirementError, match=r"b\.md:3: TOY-SAY-01 stands already in a\.md:3"):
        Requirements("toy", iter([*parse(GOOD, "a.md"), *parse(GOOD, "b.md")]))
    other = GOOD.replace("TOY-SAY-01", "TOI-SAY-02")
    with pytest.raises(RequirementError, match="begin with different words"):
        Requirements("toy", iter([*parse(GOOD, "a.md"), *parse(other, "b.md")]))


def test_the_text_of_a_network_is_loaded_in_its_order() -> None:
    found = load("toy")
    assert list(found)[:3] == ["TOY-PNG-01", "TOY-PNG-02", "TOY-SAY-01"]
    assert "TOY-NOT-01" not in found
    assert found["TOY-MEM-01"].untestable == "Memory cannot be seen on the wire."
    assert found.strongest(("TOY-ECH-01", "TOY-PNG-02")) is Level.SHOULD


def test_a_network_without_text_is_unknown() -> None:
    with pytest.raises(LookupError, match="no specification of 'nosuch'"):
        load("nosuch")
