"""The days on which a student is in a group, and so on its pages: from a first to a last one, both included."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.writing.refusals import Refused

NOT_JOINED = Refused(
    "STUDENT_NOT_JOINED",
    "The student had not joined the group by then.",
    "К этому дню обучающийся ещё не был в группе.",
)
LEFT = Refused(
    "STUDENT_LEFT",
    "The student had left the group by then.",
    "К этому дню обучающийся уже выбыл из группы.",
)


@dataclass(frozen=True)
class Stay:
    """Where None stands there is no bound. `away`: half-open spans between leaving and coming back."""

    first: date | None = None
    last: date | None = None
    away: Sequence[tuple[date, date]] = ()

    def refused(self, day: date) -> Refused | None:
        """Why nothing may be written for this day; the last day in the group still counts, as does the first."""
        if self.first is not None and day < self.first:
            return NOT_JOINED
        if self.last is not None and day > self.last:
            return LEFT
        return LEFT if any(since <= day < until for since, until in self.away) else None


def stay_of(line: object) -> Stay:
    """The stay that a line of a page (a row of `journal_line`) tells of."""
    away = tuple((span.lower, span.upper) for span in getattr(line, "away", None) or ())
    return Stay(getattr(line, "joined_on", None), getattr(line, "left_on", None), away)
