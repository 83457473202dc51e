"""NotCompiled: why a request is answered by the reference executor."""

from enum import StrEnum


class Reason(StrEnum):
    """All reasons, for counts and logs. Each holds for the whole request."""

    NOT_A_QUERY = "not a query"
    LONG_DOCUMENT = "long document"
    INVALID_DOCUMENT = "invalid document"
    INVALID_VARIABLES = "invalid variables"
    INTROSPECTION = "introspection"
    FIELD_IN_PYTHON = "field worked out in Python"
    UNKNOWN_KIND = "kind of value or list without a text form"
    REFUSED_ARGUMENTS = "arguments to refuse"
    ARGUMENTS_IN_PYTHON = "arguments with which Python works the value out"
    OTHER_ARGUMENTS = "arguments of another form than those planned for"
    DOUBTFUL_ANSWER = "a list too long or a null in a non-null place"
    DATABASE = "the statement failed"
    DEFECT = "a defect of the compiler"


class NotCompiled(Exception):
    """The reference executor has to answer. `where` names the coordinate, or what else says which."""

    def __init__(self, reason: Reason, where: str = "") -> None:
        super().__init__(f"{reason}: {where}" if where else reason)
        self.reason = reason
        self.where = where
