"""Two cookies: one that says which browser this is, one that says who is signed in. Both are random numbers."""

from starlette.requests import Request
from starlette.responses import Response

from auth.provider.config import ProviderConfig
from auth.sealing import bound_token

LENGTH = 43


class Cookies:
    """Reads and writes our cookies.

    On https their names begin with __Host-, so that no other host or subdomain can set them; browsers drop such names
    on plain http, which the configuration allows for development on loopback only.
    """

    def __init__(self, config: ProviderConfig) -> None:
        self._secure = config.secure
        prefix = "__Host-" if config.secure else "dev-"
        self._session, self._browser = f"{prefix}vhod-session", f"{prefix}vhod-browser"

    def session(self, request: Request) -> str | None:
        """The session cookie, if it can be one of ours."""
        return _plausible(request.cookies.get(self._session))

    def browser(self, request: Request) -> str | None:
        """The browser cookie: bound to it, a waiting request cannot be finished in somebody else's browser."""
        return _plausible(request.cookies.get(self._browser))

    def set_session(self, response: Response, value: str) -> None:
        """Sign the browser in; the cookie ends with the browser, the session on its own times."""
        self._set(response, self._session, value)

    def set_browser(self, response: Response, value: str) -> None:
        """Mark the browser."""
        self._set(response, self._browser, value)

    def clear_session(self, response: Response) -> None:
        """Sign the browser out."""
        response.delete_cookie(self._session, path="/", secure=self._secure, httponly=True, samesite="lax")

    def _set(self, response: Response, name: str, value: str) -> None:
        response.set_cookie(name, value, path="/", secure=self._secure, httponly=True, samesite="lax")


def form_token(cookie: str | None, purpose: str) -> str:
    """The token that a form must carry (against forged requests, of sign-in too): one for each cookie and purpose."""
    return bound_token(cookie or "", purpose)


def _plausible(value: str | None) -> str | None:
    return value if value and len(value) == LENGTH and value.isascii() else None
