"""A refusal as the domain gives it: a door says it in its own form, a mutation as a user error, a file as an issue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Refused:
    """Why something may not be written: a stable code, what it says in both languages, and the field that it is about.

    `details` are values for programs: the moment at which a window closed, the days of a school year.
    """

    code: str
    english: str
    russian: str
    path: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict, hash=False)


class RefusedError(Exception):
    """A refusal on its way to the door through which the change came: everything done so far is undone."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.code)
        self.refused = refused
