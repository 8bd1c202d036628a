"""What a peer shares, and under which names."""

from pathlib import Path

import pytest

from peerspec.reference.napster import Shares


def test_a_folder_is_shared_under_its_own_name_and_without_its_links(tmp_path: Path) -> None:
    (tmp_path / "music" / "Band").mkdir(parents=True)
    (tmp_path / "secret.mp3").write_bytes(b"secret")
    (tmp_path / "music" / "b.mp3").write_bytes(b"bbb")
    (tmp_path / "music" / "Band" / "a.mp3").write_bytes(b"aa")
    (tmp_path / "music" / "link.mp3").symlink_to(tmp_path / "secret.mp3")
    (tmp_path / "music" / "out").symlink_to(tmp_path, target_is_directory=True)
    shares = Shares.from_folder(tmp_path / "music")
    assert [(share.name, share.folder, share.base, share.content.read(0, share.size)) for share in shares] == [
        ("music\\b.mp3", "music\\", "b.mp3", b"bbb"),
        ("music\\Band\\a.mp3", "music\\Band\\", "a.mp3", b"aa"),
    ]


@pytest.mark.parametrize("name", ['say "hi".mp3', "two\nlines.mp3", "nul\0.mp3", "C:\\folder\\", "x" * 2049])
def test_a_file_that_no_message_can_name_is_left_out(name: str) -> None:
    assert len(Shares.of({name: b"x"})) == 0


def test_an_empty_file_is_left_out() -> None:
    assert [share.name for share in Shares.of({"a.mp3": b"", "b.mp3": b"x"})] == ["b.mp3"]


def test_names_are_compared_byte_by_byte() -> None:
    shares = Shares.of({"C:\\A.mp3": b"x"})
    assert shares.get("C:\\A.mp3") is not None
    for name in ("C:\\a.mp3", "C:/A.mp3", "A.mp3", "C:\\.\\A.mp3", "C:\\x\\..\\A.mp3", ""):
        assert shares.get(name) is None


def test_a_file_that_has_become_shorter_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_bytes(b"12345")
    (share,) = Shares.from_folder(tmp_path)
    (tmp_path / "a.mp3").write_bytes(b"123")
    with pytest.raises(OSError, match="shorter"):
        share.content.read(0, 5)
