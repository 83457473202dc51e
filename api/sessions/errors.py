"""Why a request by cookie, or a sign-in, is refused."""

from enum import StrEnum


class ForgeryReason(StrEnum):
    """What made a request by cookie look like another site's; for logs, and for whoever writes a page."""

    TOKEN = "csrf_token"  # noqa: S105 - the name of a reason
    ORIGIN = "origin"


class ForgedRequest(Exception):
    """A request by cookie without the session's CSRF token, or from a page that is not ours."""

    def __init__(self, reason: ForgeryReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class SessionEnded(Exception):
    """The cookie stands for no session: signed out, idle for too long, too old, or ended by the provider."""


class SignInFailed(Exception):
    """The way through the provider did not end in a session. `reason` is a word of ours, never foreign text."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ProviderAway(Exception):
    """The provider cannot be asked now."""


class SessionsAway(Exception):
    """The database of the sessions cannot be asked now: nobody can say whose a cookie is."""
