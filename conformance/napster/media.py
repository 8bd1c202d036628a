"""Other media: files that are no music, and which searches find them."""

from __future__ import annotations

from ...codecs.napster import ShareMedia, TypeClause
from ..checks import checks
from ..outcomes import Failure, assuming
from .bench import Bench
from .files import FOLDER, find, found, listing, names, path, query


def _image(bench: Bench, word: str) -> ShareMedia:
    return ShareMedia(f"{FOLDER}{word}.jpg", 123_456, bench.fresh.randbytes(16).hex(), "image")


@checks("NAP-SHR-22")
def test_an_image_is_found_by_its_type(bench: Bench) -> None:
    alice, bob = bench.users(2)
    image = _image(bench, word := bench.unique())
    alice.send(image)
    alice.sync()
    results = [(result.file, result.size) for result in find(bob, query(word, TypeClause("image")))]
    if results != [(image.file, image.size)]:
        raise Failure(expected=f"{image.file} of {image.size} bytes", actual=repr(results))


@checks("NAP-SHR-23")
def test_a_search_without_a_type_finds_music_alone(bench: Bench) -> None:
    alice, bob = bench.users(2)
    image = _image(bench, word := bench.unique())
    alice.send(image)
    song = bench.share(alice, path(word))
    with assuming("an image is shared"):
        assert image.file in names(listing(bob, alice.nick))
    results = found(bob, query(word))
    with assuming("music is found"):
        assert song.name in results
    assert results == [song.name], f"{', '.join(results)} are found"


@checks("NAP-SRC-27")
def test_files_of_any_type_are_found(bench: Bench) -> None:
    alice, bob = bench.users(2)
    image = _image(bench, word := bench.unique())
    alice.send(image)
    song = bench.share(alice, path(word))
    with assuming("the image is found by its type"):
        assert image.file in found(bob, query(word, TypeClause("image")))
    assert found(bob, query(word, TypeClause("any"))) == sorted([image.file, song.name]), "both are not found"
