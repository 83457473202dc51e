"""All errors that a client can meet: a stable code, and a message in Russian and English. The rest is masked."""

from enum import StrEnum


class Code(StrEnum):
    """The catalogue. Clients may rely on the codes; messages may change."""

    BAD_USER_INPUT = "BAD_USER_INPUT"
    BAD_REQUEST = "BAD_REQUEST"
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    CSRF_REFUSED = "CSRF_REFUSED"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    BUSY = "BUSY"
    UNAVAILABLE = "UNAVAILABLE"
    INTERNAL = "INTERNAL"


class ContractError(Exception):
    """An error that the client may read: `code`, and the message in both languages."""

    code = Code.BAD_USER_INPUT

    def __init__(self, english: str, russian: str) -> None:
        super().__init__(english)
        self.english = english
        self.russian = russian


class BadUserInput(ContractError):
    """An argument that no answer can be given to."""


class BadCursor(BadUserInput):
    """A cursor that we did not make, or made for another list, order or filter."""

    def __init__(self) -> None:
        super().__init__(
            "This cursor does not belong to this list with this order and these filters.",
            "Этот курсор не относится к этому списку с таким порядком и фильтрами.",
        )


class LimitExceeded(ContractError):
    """More was asked for than one answer holds. Never a silent cut."""

    code = Code.LIMIT_EXCEEDED


class Busy(ContractError):
    """Somebody else is writing the same thing right now; nothing was done, and trying again is safe."""

    code = Code.BUSY

    def __init__(self) -> None:
        super().__init__(
            "Somebody is writing here at this moment. Nothing was changed: send the same request again.",
            "Здесь прямо сейчас пишет кто-то другой. Ничего не изменено: отправьте тот же запрос ещё раз.",
        )


class Unavailable(ContractError):
    """The database is away, full or too slow. What was asked for is done not at all, or wholly: the same key tells."""

    code = Code.UNAVAILABLE

    def __init__(self) -> None:
        super().__init__(
            "The database cannot answer now. Send the same request again: with the same key a change is made once.",
            "База данных сейчас не отвечает. Отправьте тот же запрос ещё раз: с тем же ключом изменение не повторится.",
        )


class Forbidden(ContractError):
    """The object is visible, the action on it is not allowed."""

    code = Code.FORBIDDEN


class Unauthenticated(ContractError):
    """Only somebody who is signed in and known can do this."""

    code = Code.UNAUTHENTICATED

    def __init__(self) -> None:
        super().__init__("Sign in to do this.", "Войдите, чтобы сделать это.")
