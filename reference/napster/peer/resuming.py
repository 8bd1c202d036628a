"""Going on with a download at somebody else: who has the same file, by its checksum and size.

Rules of this file:

- The server is asked with 215; its answers carry no number, and belong to the question that has waited longest.
- What is here of a file is kept. Nothing tells that another user's bytes are the same but the checksum of the first of
  them, so only a user of this peer decides to go on elsewhere.
"""

from collections import deque
from random import Random

from ....codecs.napster import ResumeEnd, ResumeHit, ResumeSearch
from .config import PeerConfig
from .downloading import Download, Downloading
from .handlers import handles
from .searching import Found, Question


class Resuming(Downloading):
    """Other owners of a file."""

    def __init__(self, config: PeerConfig, random: Random) -> None:
        super().__init__(config, random)
        self.resumes: deque[Question] = deque()

    def look_for_others(self, now: float, download: Download) -> Question:
        """Ask who else has the file of a download; what is found comes into the question's `found`.

        The checksum is given in the form in which the server showed it. The question is over at once without a session,
        or when checksum or size are not known. Raises EncodeError for a checksum that no message can hold.
        """
        self.now = now
        question = self.question(ResumeSearch(download.md5 or "0", download.size or 0))
        if download.md5 and download.size and self.say(question.message):
            self.resumes.append(question)
            self.set_timer(("resume", question.number), self.config.answer_patience, lambda: self.end_resume(question))
        else:
            question.over = True
        return question

    def go_on_with(self, now: float, download: Download, found: Found) -> None:
        """Fetch what is missing of a file from another user, who has it under a name of his own."""
        self.now = now
        if download.state in ("waiting", "failed", "put off"):
            download.nick, download.file = found.nick, found.file
            download.attempts = 0
            self.ask(download)

    def end_resume(self, question: Question) -> None:
        """End a question: all answers have come, or, from a server that could not read it, none will."""
        if question in self.resumes:
            self.resumes.remove(question)
        question.over = True
        self.cancel_timer(("resume", question.number))

    def left(self) -> None:
        """End the questions that wait for an answer of the session that has ended."""
        super().left()
        for question in list(self.resumes):
            self.end_resume(question)

    @handles(ResumeHit)
    def on_resume_hit(self, message: ResumeHit) -> None:
        """Keep an owner."""
        if self.resumes:
            found = Found(message.nick, message.file, message.md5, message.size, 0, 0, 0, message.ip, message.link)
            self.keep(self.resumes[0], found)

    @handles(ResumeEnd)
    def on_resume_end(self, message: ResumeEnd) -> None:
        """End the question that has waited longest."""
        del message
        if self.resumes:
            self.end_resume(self.resumes[0])
