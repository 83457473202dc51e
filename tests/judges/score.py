"""Score: what one judge found, as a line of the table."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Score:
    """`good` of `of` things were right; `notes` name what was not, or under which conditions."""

    judge: str
    what: str
    good: int
    of: int
    notes: tuple[str, ...] = ()

    @property
    def perfect(self) -> bool:
        """Everything was right, and there was something."""
        return self.good == self.of > 0

    def line(self) -> str:
        """The line of the table."""
        return f"{'ok  ' if self.perfect else 'FAIL'}  {self.judge:<34} {self.good:>5} of {self.of:<5}  {self.what}"


def all_or_nothing(judge: str, what: str, problems: list[str], of: int) -> Score:
    """The score of a tool that lists problems of `of` things."""
    return Score(judge, what, max(0, of - len(problems)), of, tuple(problems[:20]))
