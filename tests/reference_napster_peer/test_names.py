"""Names that strangers choose, and the names that files get here."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerspec.codecs.constructs import to_text
from peerspec.reference.napster.peer.names import MAX_NAME, local_name, numbered
from peerspec.reference.napster.peer.storing import FolderStore, MemoryStore, Store


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("C:\\mp3\\Band - Song.mp3", "Band - Song.mp3"),
        ("C:\\x\\..\\..\\..\\evil.mp3", "evil.mp3"),
        ("/tmp/evil.mp3", "evil.mp3"),
        ("..\\..", "file"),
        ("../..", "file"),
        ("C:\\mp3\\", "file"),
        ("", "file"),
        ("...", "file"),
        (".hidden", "hidden"),
        ("CON", "_CON"),
        ("lpt1.mp3", "_lpt1.mp3"),
        ("con.tar.mp3", "_con.tar.mp3"),
        ("conga.mp3", "conga.mp3"),
        ("C:evil.mp3", "C_evil.mp3"),
        ("a<b>c|d?e*f\0g\n.mp3", "a_b_c_d_e_f_g_.mp3"),
        ("song.mp3.part", "song.mp3.part_"),
        ("song.mp3. . ", "song.mp3"),
        ("Straße é.mp3", "Straße é.mp3"),
        (to_text(b"caf\xe9.mp3"), "caf_.mp3"),
    ],
)
def test_a_name_is_made_of_the_last_part_of_a_strangers(file: str, name: str) -> None:
    assert local_name(file) == name


def test_a_long_name_is_cut_and_keeps_its_suffix() -> None:
    assert local_name("x" * 300 + ".mp3") == "x" * (MAX_NAME - 4) + ".mp3"
    assert local_name("x" * 300) == "x" * MAX_NAME
    assert len(local_name("é" * 300 + ".mp3").encode()) <= MAX_NAME


@given(st.binary(max_size=300).map(to_text) | st.text(max_size=300))
def test_no_name_is_a_path(file: str) -> None:
    name = local_name(file)
    assert name
    assert not set(name) & set('/\\:*?"<>|\0')
    assert name.strip(". ") == name
    assert len(name.encode()) <= MAX_NAME + 1
    assert Path(name).name == name


def test_a_further_file_of_a_name_is_numbered() -> None:
    assert (numbered("song.mp3", 2), numbered("song", 3)) == ("song (2).mp3", "song (3)")


@pytest.fixture(params=["memory", "folder"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return MemoryStore() if request.param == "memory" else FolderStore(tmp_path / "new" / "downloads")


def test_a_store_tells_parts_from_whole_files(store: Store) -> None:
    assert (store.length("part"), store.has("song.mp3"), store.whole()) == (0, False, {})
    store.add("part", b"abc")
    store.add("part", b"def")
    store.add("other", b"x")
    assert (store.length("part"), store.whole()) == (6, {})
    store.finish("part", "song.mp3")
    store.finish("never begun", "empty.mp3")
    assert (store.length("part"), store.has("song.mp3")) == (0, True)
    assert store.whole() == {"empty.mp3": b"", "song.mp3": b"abcdef"}


def test_a_folder_keeps_its_parts(tmp_path: Path) -> None:
    FolderStore(tmp_path).add("part", b"abc")
    again = FolderStore(tmp_path)
    assert again.length("part") == 3
    again.add("part", b"def")
    again.finish("part", "song.mp3")
    assert (tmp_path / "song.mp3").read_bytes() == b"abcdef"
    assert [path.name for path in tmp_path.iterdir()] == ["song.mp3"]
