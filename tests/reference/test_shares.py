"""What is shared, and what can't be reached."""

from pathlib import Path

import pytest

from peerspec.reference.gnutella import Shares
from peerspec.reference.gnutella.shares import words_of

CONTENTS = {"Alpha beta.txt": b"12345", "beta_gamma.TXT": b"x" * 3000, "Straße 7.ogg": b""}


def test_indexes_begin_at_one_and_stay() -> None:
    shares = Shares.of(CONTENTS)
    assert [(share.index, share.name, share.size) for share in shares] == [
        (1, "Alpha beta.txt", 5),
        (2, "beta_gamma.TXT", 3000),
        (3, "Straße 7.ogg", 0),
    ]
    assert shares.get(0) is None
    assert shares.get(4) is None
    assert (len(shares), shares.kib) == (3, 2)


@pytest.mark.parametrize(
    ("text", "indexes"),
    [
        ("beta", [1, 2]),
        ("TXT Beta", [1, 2]),
        ("alpha beta", [1]),
        ("alpha gamma", []),
        ("alph", []),
        ("strasse", [3]),
        ("", []),
        ("?!", []),
    ],
)
def test_a_name_matches_when_it_holds_all_words(text: str, indexes: list[int]) -> None:
    assert [share.index for share in Shares.of(CONTENTS).matching(words_of(text))] == indexes


def test_a_part_is_read() -> None:
    share = Shares.of(CONTENTS).get(1)
    assert share is not None
    assert share.read(1, 3) == b"234"


def test_a_folder_is_shared_without_its_links(tmp_path: Path) -> None:
    (tmp_path / "shared" / "inner").mkdir(parents=True)
    (tmp_path / "secret.txt").write_bytes(b"secret")
    (tmp_path / "shared" / "b.txt").write_bytes(b"bbb")
    (tmp_path / "shared" / "inner" / "a.txt").write_bytes(b"aa")
    (tmp_path / "shared" / "link.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "shared" / "out").symlink_to(tmp_path, target_is_directory=True)
    shares = Shares.from_folder(tmp_path / "shared")
    assert [(share.index, share.name, share.read(0, share.size)) for share in shares] == [
        (1, "b.txt", b"bbb"),
        (2, "a.txt", b"aa"),
    ]


def test_a_file_that_has_become_shorter_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"12345")
    (share,) = Shares.from_folder(tmp_path)
    (tmp_path / "a.txt").write_bytes(b"123")
    with pytest.raises(OSError, match="shorter"):
        share.read(0, 5)


def test_a_folder_that_is_none_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Shares.from_folder(tmp_path / "none")
