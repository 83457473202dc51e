"""All errors that a client can meet: a stable code, and a message in Russian and English. The rest is masked."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Code(StrEnum):
    """Clients may rely on the codes; messages may change. What each means stands in domain/error_catalogue.py."""

    BAD_USER_INPUT = "BAD_USER_INPUT"
    BAD_REQUEST = "BAD_REQUEST"
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    FRESH_SIGN_IN_REQUIRED = "FRESH_SIGN_IN_REQUIRED"
    CSRF_REFUSED = "CSRF_REFUSED"
    CLIENT_OUTDATED = "CLIENT_OUTDATED"
    PREVIEW_READS_ONLY = "PREVIEW_READS_ONLY"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    RATE_LIMITED = "RATE_LIMITED"
    PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
    BUSY = "BUSY"
    UNAVAILABLE = "UNAVAILABLE"
    TIMEOUT = "TIMEOUT"
    INTERNAL = "INTERNAL"


class ContractError(Exception):
    """An error that the client may read: `code`, and the message in both languages."""

    code = Code.BAD_USER_INPUT

    def __init__(self, english: str, russian: str) -> None:
        super().__init__(english)
        self.english = english
        self.russian = russian

    def told(self) -> dict[str, Any]:
        """What programs are told besides the code, as members of the error's `extensions`."""
        return {}


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
    """More was asked for than one answer holds. Never a silent cut.

    `details`: what programs are told of it, such as the fields that ask for most.
    """

    code = Code.LIMIT_EXCEEDED

    def __init__(self, english: str, russian: str, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(english, russian)
        self.details = dict(details or {})

    def told(self) -> dict[str, Any]:
        """The limit, what was asked for, and where."""
        return self.details


class RateLimited(ContractError):
    """The budget of this caller is spent for now; nothing was done."""

    code = Code.RATE_LIMITED

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(
            f"Your budget of requests is spent. Send the same request again in {retry_after_seconds} s.",
            f"Лимит запросов исчерпан. Повторите тот же запрос через {retry_after_seconds} с.",
        )
        self.retry_after_seconds = retry_after_seconds

    def told(self) -> dict[str, int]:
        """Seconds until it is worth trying again."""
        return {"retryAfter": self.retry_after_seconds}


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


class NotKnownHere(Forbidden):
    """Signed in, but nobody here is linked to the account. Signing in again helps nothing: somebody must link it."""

    def __init__(self) -> None:
        super().__init__(
            "You have signed in, but nobody here is linked to your account yet. Ask the administrator of your school,"
            " or of your child's school, to link it, and tell the number of `me { accountId }`.",
            "Вы вошли, но ваша учётная запись здесь пока ни с кем не связана. Попросите администратора своей школы"
            " или школы ребёнка привязать её и сообщите номер из `me { accountId }`.",
        )


class PreviewReadsOnly(ContractError):
    """Somebody looks as another role would: nothing is changed, and nothing is followed."""

    code = Code.PREVIEW_READS_ONLY

    def __init__(self) -> None:
        super().__init__(
            "You look as a role would: a preview only reads. Leave it to change or to follow anything.",
            "Вы смотрите глазами роли: предпросмотр только читает. Чтобы менять или следить, выйдите из него.",
        )


class Unauthenticated(ContractError):
    """Only somebody who is signed in and known can do this."""

    code = Code.UNAUTHENTICATED

    def __init__(self) -> None:
        super().__init__("Sign in to do this.", "Войдите, чтобы сделать это.")


class FreshSignInRequired(ContractError):
    """The person signed in too long ago for this: whoever found their device must not give rights away."""

    code = Code.FRESH_SIGN_IN_REQUIRED

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"For this you must have signed in within the last {seconds} s. Sign in again, then send the same request.",
            f"Для этого нужно было войти не раньше чем {seconds} с назад. Войдите заново и отправьте тот же запрос.",
        )
        self.seconds = seconds

    def told(self) -> dict[str, int | str]:
        """For the authorization request of an application; a browser with our cookie goes to `signIn`."""
        return {"maxAge": self.seconds, "prompt": "login", "signIn": "/session/sign-in?fresh=true"}
