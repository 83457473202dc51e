"""Everything that an import can find wrong, by stable codes. What they say stands in messages.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class IssueCode(StrEnum):
    """The catalogue. Clients may rely on the codes; messages may change."""

    # The file as a whole: nothing of it can be taken in.
    FILE_UNREADABLE = "FILE_UNREADABLE"
    FILE_TOO_LARGE = "FILE_TOO_LARGE"
    FILE_EMPTY = "FILE_EMPTY"
    FILE_DAMAGED = "FILE_DAMAGED"
    TEXT_DAMAGED = "TEXT_DAMAGED"
    TEXT_UNREADABLE = "TEXT_UNREADABLE"
    HEADER_UNKNOWN = "HEADER_UNKNOWN"
    COLUMN_MISSING = "COLUMN_MISSING"
    COLUMN_TWICE = "COLUMN_TWICE"
    TARGET_UNKNOWN = "TARGET_UNKNOWN"
    REGION_UNKNOWN = "REGION_UNKNOWN"
    COLUMN_UNKNOWN = "COLUMN_UNKNOWN"
    COLUMN_NAMELESS = "COLUMN_NAMELESS"
    SHEET_LEFT_ASIDE = "SHEET_LEFT_ASIDE"
    ROWS_HIDDEN = "ROWS_HIDDEN"
    # Any row.
    NOT_ACCEPTED = "NOT_ACCEPTED"
    FORMULA = "FORMULA"
    VALUE_MISSING = "VALUE_MISSING"
    VALUE_TOO_LONG = "VALUE_TOO_LONG"
    CELL_SUSPICIOUS = "CELL_SUSPICIOUS"
    ROW_TOO_LONG = "ROW_TOO_LONG"
    ROW_REPEATED = "ROW_REPEATED"
    HAND_SET = "HAND_SET"
    POSSIBLE_DUPLICATE = "POSSIBLE_DUPLICATE"
    # Journal pages.
    DATE_UNREADABLE = "DATE_UNREADABLE"
    DATE_OUTSIDE_PERIOD = "DATE_OUTSIDE_PERIOD"
    LESSON_NOT_HELD_YET = "LESSON_NOT_HELD_YET"
    LESSON_UNKNOWN = "LESSON_UNKNOWN"
    LESSON_CANCELLED = "LESSON_CANCELLED"
    LESSON_REPLACED = "LESSON_REPLACED"
    SLOT_UNKNOWN = "SLOT_UNKNOWN"
    CELL_UNREADABLE = "CELL_UNREADABLE"
    MARK_WITH_ABSENCE = "MARK_WITH_ABSENCE"
    VALUE_OUT_OF_SCALE = "VALUE_OUT_OF_SCALE"
    POSITION = "POSITION"
    PUPIL_UNKNOWN = "PUPIL_UNKNOWN"
    PUPIL_AMBIGUOUS = "PUPIL_AMBIGUOUS"
    STUDENT_NOT_JOINED = "STUDENT_NOT_JOINED"
    STUDENT_LEFT = "STUDENT_LEFT"
    NUMBER_AND_NAME_DIFFER = "NUMBER_AND_NAME_DIFFER"
    # Organisations.
    OGRN_MISSING = "OGRN_MISSING"
    OGRN_CHECK_DIGIT_FAILED = "OGRN_CHECK_DIGIT_FAILED"
    INN_MISSING = "INN_MISSING"
    INN_CHECK_DIGIT_FAILED = "INN_CHECK_DIGIT_FAILED"
    COLUMNS_SLIPPED = "COLUMNS_SLIPPED"
    HEAD_UNRESOLVED = "HEAD_UNRESOLVED"
    MUNICIPALITY_UNKNOWN = "MUNICIPALITY_UNKNOWN"
    NAME_CUT = "NAME_CUT"
    OTHER_REGION = "OTHER_REGION"
    # People.
    NAME_UNREADABLE = "NAME_UNREADABLE"
    NAME_CHARACTER = "NAME_CHARACTER"
    BIRTH_DATE_IN_FUTURE = "BIRTH_DATE_IN_FUTURE"
    BIRTH_DATE_TOO_EARLY = "BIRTH_DATE_TOO_EARLY"
    BIRTH_DATE_UNLIKELY = "BIRTH_DATE_UNLIKELY"
    PATRONYMIC_DIFFERS = "PATRONYMIC_DIFFERS"
    GUARDIAN_LEFT_OUT = "GUARDIAN_LEFT_OUT"
    GENDER_UNREADABLE = "GENDER_UNREADABLE"
    CLASS_UNREADABLE = "CLASS_UNREADABLE"
    CLASS_UNKNOWN = "CLASS_UNKNOWN"
    SNILS_UNREADABLE = "SNILS_UNREADABLE"
    SNILS_CHECK_FAILED = "SNILS_CHECK_FAILED"
    PHONE_UNREADABLE = "PHONE_UNREADABLE"
    EMAIL_UNREADABLE = "EMAIL_UNREADABLE"
    RELATION_UNKNOWN = "RELATION_UNKNOWN"
    ENROLLED_ELSEWHERE = "ENROLLED_ELSEWHERE"
    ENROLLED_IN_OTHER_CLASS = "ENROLLED_IN_OTHER_CLASS"
    ALREADY_ENROLLED = "ALREADY_ENROLLED"
    ALREADY_ENDED = "ALREADY_ENDED"
    NOT_IN_SCHOOL_YEAR = "NOT_IN_SCHOOL_YEAR"
    DATES = "DATES"
    GROUPS_LEFT_OUT = "GROUPS_LEFT_OUT"
    PLACED = "PLACED"
    MOVED = "MOVED"
    OWN_FAMILY = "OWN_FAMILY"
    # Figures.
    ORGANISATION_UNKNOWN = "ORGANISATION_UNKNOWN"
    ORGANISATION_AMBIGUOUS = "ORGANISATION_AMBIGUOUS"
    INDICATOR_UNKNOWN = "INDICATOR_UNKNOWN"
    PERIOD_UNREADABLE = "PERIOD_UNREADABLE"
    NUMBER_UNREADABLE = "NUMBER_UNREADABLE"
    REASON_UNREADABLE = "REASON_UNREADABLE"
    VALUE_NEEDED = "VALUE_NEEDED"
    VALUE_OUT_OF_RANGE = "VALUE_OUT_OF_RANGE"
    DENOMINATOR_ZERO = "DENOMINATOR_ZERO"
    FIGURES_LOCKED = "FIGURES_LOCKED"


OF_HEADER = frozenset([IssueCode.HEADER_UNKNOWN, IssueCode.COLUMN_MISSING, IssueCode.COLUMN_TWICE])
DONE = frozenset([IssueCode.PLACED, IssueCode.MOVED])
"""What tells that something was done, and warns of nothing."""


@dataclass(frozen=True)
class Issue:
    """One thing that is wrong: code, column of the file, and the text that stood there. `fatal`: the row stays out.

    `details` are what the message names; they go into reports and hold nothing about a person.
    """

    code: IssueCode
    column: str | None = None
    value: str | None = None
    fatal: bool = True
    details: Mapping[str, str | int] = field(default_factory=dict, hash=False)

    def noted(self, *, personal: bool) -> dict[str, Any]:
        """Give it as it is kept in a report. What stood in a row about people is kept in the row alone."""
        kept: dict[str, Any] = {"code": self.code.value, "column": self.column, "fatal": self.fatal}
        details = {"details": dict(self.details)} if self.details else {}
        return kept | details if personal else {**kept, **details, "value": self.value}


class UnreadableFileError(ValueError):
    """Nothing of a file can be taken in, for this reason."""

    def __init__(
        self, code: IssueCode, column: str | None = None, value: str | None = None, **details: str | int
    ) -> None:
        super().__init__(code.value)
        self.issue = Issue(code, column, value, details=details)

    def about(self, header: Mapping[str, str | int]) -> "UnreadableFileError":
        """The same with what was read as header, where the reason lies in the header."""
        found = self.issue
        if found.code not in OF_HEADER:
            return self
        return UnreadableFileError(found.code, found.column, found.value, **found.details, **header)
