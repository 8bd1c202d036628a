"""QueryHits of one's own gone wrong."""

from __future__ import annotations

from ....codecs.gnutella import QueryHit, Result, Trailer
from ....reference.gnutella import Servent, Share
from ....reference.gnutella.link import Link
from ....reference.node import Address
from ...mutants import mutant


@mutant(breaks="GNU-HIT-01")
class CountsOneTooMany(Servent):
    """Writes a count of results that is one too high."""

    def hit_body(self, hit: QueryHit) -> bytes:
        body = super().hit_body(hit)
        return bytes([body[0] + 1]) + body[1:]


@mutant(breaks="GNU-HIT-01")
class CountsNothing(Servent):
    """Writes a count of 0 before its results."""

    def hit_body(self, hit: QueryHit) -> bytes:
        return b"\0" + super().hit_body(hit)[1:]


@mutant(breaks="GNU-HIT-02")
class SizesInKib(Servent):
    """Writes the size of a file in KiB."""

    def result(self, share: Share) -> Result:
        return super().result(share).replace(size=share.size // 1024)


@mutant(breaks="GNU-HIT-02")
class NamesWithAPath(Servent):
    """Writes the folder before the name of a file."""

    def result(self, share: Share) -> Result:
        return super().result(share).replace(name=f"shared/{share.name}")


@mutant(breaks="GNU-HIT-03")
class ChangesItsServentId(Servent):
    """Ends each hit with another servent id."""

    def hit_servent_id(self) -> bytes:
        return self.new_guid()


@mutant(breaks="GNU-HIT-04")
class SendsNoTrailer(Servent):
    """Sends hits without a trailer."""

    def hit_trailer(self) -> Trailer:
        return None  # type: ignore[return-value]  # the defect


@mutant(breaks="GNU-HIT-04")
class OverstatesItsOpenData(Servent):
    """Announces more open data than its trailer holds."""

    def hit_body(self, hit: QueryHit) -> bytes:
        body = super().hit_body(hit)
        return body[:-19] + b"\x09" + body[-18:]


@mutant(breaks="GNU-HIT-05")
class SwapsTheFlagBytes(Servent):
    """Writes the two flag bytes of its trailer the wrong way round."""

    def hit_flags(self) -> tuple[int, int]:
        flags, mask = super().hit_flags()
        return mask, flags


@mutant(breaks="GNU-HIT-05")
class NeverWantsAPush(Servent):
    """Says that it can be reached although it is firewalled."""

    def hit_says_push(self) -> bool:
        return False


@mutant(breaks="GNU-HIT-06")
class HitsWithAnotherPort(Servent):
    """Gives a port in its hits at which it does not listen."""

    def hit_address(self, link: Link) -> Address:
        ip, port = super().hit_address(link)
        return ip, port ^ 1


@mutant(breaks="GNU-HIT-07")
class NumbersFilesAnew(Servent):
    """Gives a file another index each time it is found."""

    def hit_index(self, share: Share) -> int:
        return self.random.randrange(1000, 1_000_000)
