"""Names of class groups as people write them («9А», «10 Б», «11-М») to grade level and letter, and back."""

import re
from dataclasses import dataclass
from typing import Self

from domain.text import canonical

HIGHEST_GRADE = 12
# A Latin letter that looks like a Cyrillic one is a keyboard left in the wrong layout, not another class.
LOOK_ALIKES = str.maketrans("ABCEHKMOPTX", "АВСЕНКМОРТХ")
WRITTEN = re.compile(r"(?P<grade>[0-9]{1,2})[\s\-‐‑–—«\"]*(?P<letter>[А-ЯЁ]*)[»\"]?")


class UnreadableClassNameError(ValueError):
    """The text is no name of a class group; it is kept in the message."""


@dataclass(frozen=True, order=True)
class ClassName:
    """Grade level (1..12) and letter in capitals, perhaps empty. Sorts by number, then by letter."""

    grade_level: int
    letter: str

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read a name as it was written. Raises UnreadableClassNameError."""
        found = WRITTEN.fullmatch(canonical(written).strip().upper().translate(LOOK_ALIKES))
        if found is None or not 1 <= int(found["grade"]) <= HIGHEST_GRADE:
            raise UnreadableClassNameError(f"not the name of a class: {written!r}")
        return cls(int(found["grade"]), found["letter"])

    def __str__(self) -> str:
        """«7А»; a word in place of the letter is set apart: «1 доп»."""
        return f"{self.grade_level}{self.letter}" if len(self.letter) < 2 else self._with_word()

    def promoted(self) -> Self:
        """Give the name of next year: the same group, one grade up."""
        return type(self)(self.grade_level + 1, self.letter)

    def _with_word(self) -> str:
        return f"{self.grade_level} {self.letter.lower()}"
