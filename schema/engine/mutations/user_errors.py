"""User errors: refusals of a mutation that are part of its answer, each with a stable code."""

from schema.engine.access.rule import PUBLIC
from schema.engine.mapping.declare import interface, structure, value
from schema.engine.node import Node


@interface("Why a change was refused, as part of the answer (отказ в изменении).")
class UserError:
    """The interface of all user errors."""

    code: str = value("Stable code, for programs (код).")
    message: str = value("In your language, for people (сообщение).")
    path: list[str] = value("The input field that it is about (поле ввода).")


@structure(
    "The input cannot be carried out (недопустимые данные). Codes of any change: KEY_REUSED, REASON_NEEDED,"
    " ACTING_ASSIGNMENT, TEXT_TOO_LONG, TEXT_UNFIT, PAGE_TOO_LARGE, HOW_MANY. Of roles: ROLE_NOT_GRANTABLE,"
    " OWN_ASSIGNMENT, DATES, TARGET_MISSING, TARGET_ELSEWHERE, SECOND_PERSON, REACH_NOT_HELD, PLACE_UNFIT. Of cells:"
    " LESSON_NOT_YOURS, VALUE_OUT_OF_SCALE, POSITION, LESSON_CANCELLED, STUDENT_LEFT, MARK_WITH_ABSENCE,"
    " REASON_RESERVED, REASON_SET, NOT_A_REASON, DUPLICATE_CELL. Of columns and lessons: WEIGHT, DUE_LESSON,"
    " TOO_MANY_SLOTS, STATUS. Of periods and settings: ALREADY_REOPENED, REOPENING_HOURS, ALREADY_ENDED,"
    " PERIOD_NOT_OVER, ALREADY_CLOSED, OUT_OF_RANGE, CUT_OFFS. Of proposals: ALREADY_SETTLED. Of summary marks:"
    " DEVIATION_NEEDS_REASON, MARK_VALUE, DUPLICATE_PLACE, NOTHING_TO_WITHDRAW, KIND. Of imports: IMPORT_ENDED. Of"
    " figures and ratings: INDICATOR_UNKNOWN, ORGANISATION_NOT_YOURS, PERIOD_UNREADABLE, VALUE_NEEDED,"
    " VALUE_OUT_OF_RANGE, DENOMINATOR_ZERO, NOT_COMPUTABLE, NOT_RATEABLE, NOTHING_TO_UNLOCK, AS_KNOWN_AT. Of"
    " consents: DECIDED_BY_STUDENT, DECIDED_BY_GUARDIAN, CLIENT_CLOSED. Of guardianships: OWN_GUARDIANSHIP,"
    " GUARDIANSHIP_BARRED, STUDENT_ADULT, ALREADY_REPRESENTED, ALREADY_PROPOSED. Of accounts: OWN_ACCOUNT,"
    " NOT_LINKABLE, ALREADY_LINKED, NOT_LINKED. Of registers: NOT_ENROLLED, TOO_YOUNG, CONSENT_NEEDED. Of"
    " enrolments: SNILS_INVALID, SNILS_KNOWN, SNILS_OF_NEWCOMER, STUDENT_KNOWN, NAME_CHARACTER, NAME_UNREADABLE,"
    " BIRTH_DATE_IN_FUTURE, BIRTH_DATE_TOO_EARLY, ALREADY_ENROLLED, ENROLLED_ELSEWHERE,"
    " NOT_IN_SCHOOL_YEAR, SAME_CLASS, OWN_ENROLMENT. Of a SNILS: SNILS_INVALID, SNILS_SHARED."
)
class InvalidInput(UserError):
    """What the sender must mend; the codes stand in the contract."""


@structure("Nothing with this id that you may see (не найдено); unknown and unreachable are the same. Code: NOT_FOUND.")
class NotFound(UserError):
    """Code: NOT_FOUND."""


@structure(
    "Somebody has changed it since you read it (конфликт версий): look, then send again with its version. Code:"
    " VERSION_CONFLICT."
)
class VersionConflict(UserError):
    """Code: VERSION_CONFLICT."""

    current: Node | None = value(
        "The object as it is now; null when there is none any more (текущее состояние).", PUBLIC
    )
    current_version: int | None = value(
        "Its version now: what to send (текущая версия); null when nothing stands.", PUBLIC
    )


USER_ERRORS = (InvalidInput, NotFound, VersionConflict)
"""Of any change; a noun adds its own (schema/user_errors.py)."""


class Refusal(Exception):
    """User errors on their way to the payload: everything done so far is undone."""

    def __init__(self, *errors: UserError) -> None:
        super().__init__(*(error.code for error in errors))
        self.errors = list(errors)


def invalid(code: str, message: str, *path: str) -> Refusal:
    """The input cannot be carried out."""
    return Refusal(InvalidInput(code=code, message=message, path=["input", *path]))


def not_found(message: str, *path: str) -> Refusal:
    """Unknown or unreachable."""
    return Refusal(NotFound(code="NOT_FOUND", message=message, path=["input", *path]))
