"""Docstrings on their way to autodoc: the same words, none of them markup by accident."""

import warnings

import pytest
from docutils.core import publish_doctree
from docutils.nodes import document, list_item, literal, literal_block, paragraph
from peerspec_docs.docstrings import to_rst


def parsed(text: str) -> document:
    """The docstring as docutils understands it; whatever docutils would report is raised."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        tree = publish_doctree(
            "\n".join(to_rst(text.split("\n"))), settings_overrides={"halt_level": 2, "report_level": 2}
        )
    assert isinstance(tree, document)
    return tree


def test_code_stands_between_single_or_double_backquotes() -> None:
    tree = parsed("Takes `ttl - 1` and ``b'\\n'``; not *hops or names_ or |x|.")
    assert [node.astext() for node in tree.findall(literal)] == ["ttl - 1", "b'\\n'"]
    assert tree.astext() == "Takes ttl - 1 and b'\\n'; not *hops or names_ or |x|."


def test_code_may_run_over_the_end_of_a_line() -> None:
    [span] = parsed("The call `f(a,\nb)` is made.").findall(literal)
    assert span.astext() == "f(a,\nb)"


def test_a_list_needs_no_empty_line_before_it() -> None:
    tree = parsed("Rules:\n- one,\n  and more of one;\n- two.\n\nThe end.")
    assert [node.astext() for node in tree.findall(list_item)] == ["one,\nand more of one;", "two."]
    assert [node.astext() for node in tree.findall(paragraph)][-1] == "The end."


def test_an_indented_block_is_code_with_its_empty_lines() -> None:
    tree = parsed("Write\n\n    class Pong(*bases):\n\n        port: int\n\nand no more.")
    [block] = tree.findall(literal_block)
    assert block.astext() == "class Pong(*bases):\n\n    port: int"
    assert [node.astext() for node in tree.findall(paragraph)] == ["Write", "and no more."]


@pytest.mark.parametrize("text", ["", "One line.", "\n\nLate."])
def test_short_docstrings_pass(text: str) -> None:
    assert parsed(text).astext() == text.strip()
