"""Two cookies: one that says who is signed in, one that says which browser is on its way through the provider."""

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import Response

from auth.sealing import bound_token

LENGTH = 43


class SessionCookies:
    """Reads and writes them. On https no other host or subdomain can set them (__Host-).

    Browsers drop such names on plain http, which settings allow in development only; there they have another name.
    """

    def __init__(self, public_url: str) -> None:
        self._secure = urlsplit(public_url).scheme == "https"
        prefix = "__Host-" if self._secure else "dev-"
        self.session_name, self.sign_in_name = f"{prefix}vhod", f"{prefix}vhod-sign-in"

    def session(self, connection: HTTPConnection) -> str | None:
        """The value that may stand for a session; None when there is none, or one that cannot be ours."""
        return _plausible(connection.cookies.get(self.session_name))

    def sign_in(self, connection: HTTPConnection) -> str | None:
        """The value that ties a sign-in to the browser that began it."""
        return _plausible(connection.cookies.get(self.sign_in_name))

    def set_session(self, response: Response, value: str) -> None:
        """Sign the browser in; the cookie ends with the browser, the session on its own times."""
        self._set(response, self.session_name, value)

    def set_sign_in(self, response: Response, value: str) -> None:
        """Mark the browser."""
        self._set(response, self.sign_in_name, value)

    def clear_session(self, response: Response) -> None:
        """Sign the browser out."""
        response.delete_cookie(self.session_name, path="/", secure=self._secure, httponly=True, samesite="lax")

    # Lax, not Strict: the way back from a provider on another site must find the session.
    def _set(self, response: Response, name: str, value: str) -> None:
        response.set_cookie(name, value, path="/", secure=self._secure, httponly=True, samesite="lax")


def csrf_token(cookie: str) -> str:
    """What a page of ours must send with each request by this cookie: only who holds the cookie can work it out."""
    return bound_token(cookie, "csrf")


def _plausible(value: str | None) -> str | None:
    return value if value and len(value) == LENGTH and value.isascii() else None
