"""Tables that forget, and buckets that bound a rate."""

from hypothesis import given
from hypothesis import strategies as st

from peerspec.reference.ageing import AgeingTable, Bucket


def test_an_entry_is_forgotten_after_its_lifetime() -> None:
    table: AgeingTable[str, int] = AgeingTable(10, lifetime=60)
    table.put(0, "a", 1)
    assert table.get(60, "a") == 1
    assert table.has(60, "a")
    assert not table.has(61, "a")
    assert table.get(61, "a") is None


def test_an_entry_put_again_lives_longer() -> None:
    table: AgeingTable[str, int] = AgeingTable(10, lifetime=60)
    table.put(0, "a", 1)
    table.put(50, "a", 2)
    assert table.get(100, "a") == 2


def test_the_oldest_goes_when_the_table_is_full() -> None:
    table: AgeingTable[str, int] = AgeingTable(2, lifetime=60)
    for number, key in enumerate("abc"):
        table.put(number, key, number)
    assert table.keys(3) == ["c", "b"]


def test_old_entries_go_when_others_come() -> None:
    table: AgeingTable[int, int] = AgeingTable(1000, lifetime=60)
    for number in range(100):
        table.put(0, number, number)
    for number in range(100, 160):
        table.put(100, number, number)
    assert len(table) == 60


@given(st.lists(st.tuples(st.integers(0, 9), st.floats(0, 30)), max_size=60))
def test_a_table_remembers_what_a_simple_model_remembers(puts: list[tuple[int, float]]) -> None:
    table: AgeingTable[int, int] = AgeingTable(4, lifetime=60)
    model: list[tuple[int, float]] = []
    now = 0.0
    for key, delay in puts:
        now += delay
        table.put(now, key, key)
        model = [entry for entry in model if entry[0] != key] + [(key, now)]
        model = model[-4:]
        alive = [key for key, born in reversed(model) if now - born <= 60]
        assert table.keys(now) == alive
        assert len(table) <= 4


def test_a_bucket_gives_a_burst_and_then_a_rate() -> None:
    bucket = Bucket(rate=2, burst=3, now=0)
    assert [bucket.take(0) for _ in range(4)] == [True, True, True, False]
    assert [bucket.take(1) for _ in range(3)] == [True, True, False]
    assert [bucket.take(1000) for _ in range(4)] == [True, True, True, False]
