"""The store of accounts and bans."""

import sqlite3
from pathlib import Path

import pytest

from peerspec.codecs.constructs import to_text
from peerspec.reference.napster.server.accounts import Accounts, Stored, StoredBan

SALT = bytes(range(16))
STRANGE = to_text(b"\xff\xfe \xc3\x28")


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Accounts:
    """An empty store."""
    return Accounts(tmp_path / "napster.sqlite" if request.param == "file" else None)


def register(store: Accounts, name: str = "alice", password: str = "pw") -> None:
    store.register(name, name.title(), password, "a@example.org", "User", 1_000, SALT)


def test_an_account_is_as_it_was_made(store: Accounts) -> None:
    register(store)
    assert store.account("alice") == Stored("Alice", "a@example.org", "User", 1_000, 1_000)
    assert store.account("Alice") is None
    assert store.opens("alice", "pw")
    assert not store.opens("alice", "PW")
    assert not store.opens("bob", "pw")
    assert store.count() == 1


def test_a_name_is_taken_once(store: Accounts) -> None:
    register(store)
    with pytest.raises(sqlite3.IntegrityError):
        register(store, password="mine")
    assert store.opens("alice", "pw")


def test_what_is_changed_stays_changed(store: Accounts) -> None:
    register(store)
    assert store.set_password("alice", "new", bytes(16))
    assert store.set_email("alice", STRANGE)
    assert store.set_level("alice", "Elite")
    assert store.set_seen("alice", 2_000)
    assert store.account("alice") == Stored("Alice", STRANGE, "Elite", 1_000, 2_000)
    assert store.opens("alice", "new")
    assert not store.opens("alice", "pw")


def test_nothing_of_nobody_is_changed(store: Accounts) -> None:
    register(store, "bob")
    before = store.account("bob")
    assert not store.set_password("alice", "new", SALT)
    assert not store.set_email("alice", "x")
    assert not store.set_level("alice", "Elite")
    assert not store.set_seen("alice", 2_000)
    assert not store.nuke("alice")
    assert not store.restore("bob")
    assert store.account("bob") == before


def test_a_deleted_account_can_be_brought_back_until_its_nick_is_taken(store: Accounts) -> None:
    register(store)
    assert store.nuke("alice")
    assert store.account("alice") is None
    assert not store.opens("alice", "pw")
    assert store.count() == 0
    assert store.restore("alice")
    assert store.opens("alice", "pw")
    store.nuke("alice")
    register(store, password="mine")
    assert not store.restore("alice")
    assert store.opens("alice", "mine")


def test_bytes_of_any_kind_are_kept(store: Accounts) -> None:
    register(store, STRANGE, STRANGE)
    assert store.account(STRANGE) is not None
    assert store.opens(STRANGE, STRANGE)


def test_bans_are_listed_and_lifted(store: Accounts) -> None:
    nick = StoredBan("Bob", is_address=False, operator="root", reason=STRANGE, since=2_000, seconds=5)
    address = StoredBan("10.0.0.1", is_address=True, operator="root", reason="", since=1_000, seconds=None)
    store.ban("bob", nick)
    store.ban("10.0.0.1", address)
    assert list(store.bans()) == [address, nick]
    assert store.banned("bob") == nick
    assert store.banned("Bob") is None
    store.ban("bob", address)
    assert store.banned("bob") == address
    assert store.unban("bob")
    assert not store.unban("bob")
    assert list(store.bans()) == [address]


def test_a_file_outlives_its_store(tmp_path: Path) -> None:
    first = Accounts(tmp_path / "napster.sqlite")
    register(first)
    first.ban("bob", StoredBan("Bob", is_address=False, operator="root", reason="", since=1, seconds=None))
    first.release()
    second = Accounts(tmp_path / "napster.sqlite")
    assert second.opens("alice", "pw")
    assert second.banned("bob") is not None


def test_every_change_waits_for_the_disk(tmp_path: Path) -> None:
    store = Accounts(tmp_path / "napster.sqlite")
    register(store)
    store.set_seen("alice", 2_000)
    assert store._store.execute("PRAGMA synchronous").fetchone() == (2,)
    assert store._store.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert not store._store.in_transaction


def test_passwords_are_not_in_the_file(tmp_path: Path) -> None:
    store = Accounts(tmp_path / "napster.sqlite")
    register(store, password="a long password")
    store.release()
    assert not [path for path in tmp_path.iterdir() if b"a long password" in path.read_bytes()]
