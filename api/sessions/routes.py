"""/session: sign-in and its way back, who is signed in, sign-out."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from api.authentication import refusal
from api.callers import Callers
from api.sessions.client import CALLBACK
from api.sessions.cookies import csrf_token
from api.sessions.errors import ForgedRequest, ProviderAway, SessionEnded, SessionsAway, SignInFailed
from api.sessions.forgery import CSRF_HEADER, refuse_forgery
from api.sessions.next_page import DEFAULT, local_page
from api.sessions.page import AWAY, UNCONFIGURED, trouble_page, words_for
from api.sessions.sessions import Sessions
from api.sessions.storage import SessionRow, new_cookie

# Nobody keeps these answers, and no compression mixes the CSRF token with what others can put in.
PRIVATE = {"Cache-Control": "no-store, no-transform", "Vary": "Cookie"}


Endpoint = Callable[[Request], Awaitable[Response]]


class SessionRoutes:
    """The endpoints over one set of callers."""

    def __init__(self, callers: Callers) -> None:
        self._callers = callers
        self._cookies = callers.cookies

    def routes(self) -> list[Route]:
        """The routes, for the composition root."""
        told = [
            ("/session/sign-in", self.sign_in, "GET"),
            (CALLBACK, self.callback, "GET"),
            ("/session/sign-out", self.sign_out, "POST"),
            ("/session/list", self.listed, "GET"),
            ("/session/list/{session_id:uuid}", self.end_listed, "DELETE"),
            ("/session", self.current, "GET"),
        ]
        return [Route(path, _while_reachable(endpoint), methods=[method]) for path, endpoint, method in told]

    async def sign_in(self, request: Request) -> Response:
        """GET ?next=/page: to the provider, and from there back to the page. Other hosts are never gone to.

        With ?fresh=true the person signs in there again, whoever is signed in already.
        """
        sessions = self._callers.sessions
        if sessions is None:
            return trouble_page(503, UNCONFIGURED, "unconfigured", request.state.request_id)
        browser, asked = self._cookies.sign_in(request) or new_cookie(), request.query_params
        try:
            address = await sessions.begin(browser, local_page(asked.get("next")), fresh=asked.get("fresh") == "true")
        except ProviderAway:
            return self._away(request)
        response = RedirectResponse(address, 303, PRIVATE)
        self._cookies.set_sign_in(response, browser)
        return response

    async def callback(self, request: Request) -> Response:
        """GET from the provider: a new session under a new cookie, whatever cookie came along."""
        sessions = self._callers.sessions
        if sessions is None:
            return trouble_page(503, UNCONFIGURED, "unconfigured", request.state.request_id)
        browser, replaced = self._cookies.sign_in(request), self._cookies.session(request)
        try:
            cookie, page = await sessions.finish(request.query_params, browser, replaced, request.state.request_id)
        except SignInFailed as error:
            structlog.get_logger(__name__).info("session:refused", reason=error.reason)
            return trouble_page(400, words_for(error), error.reason, request.state.request_id)
        except ProviderAway:
            return self._away(request)
        response = RedirectResponse(page, 303, PRIVATE)
        self._cookies.set_session(response, cookie)
        return response

    async def current(self, request: Request) -> Response:
        """GET: who is signed in, and the token that requests by cookie must carry. Does not count as use."""
        cookie = self._cookies.session(request)
        if cookie is None or self._callers.sessions is None:
            return JSONResponse({"signedIn": False}, headers=PRIVATE)
        try:
            session = await self._callers.sessions.find(cookie)
        except SessionEnded:
            response = JSONResponse({"signedIn": False}, headers=PRIVATE)
            self._cookies.clear_session(response)
            return response
        told = {
            "signedIn": True,
            "name": session.tokens.name,
            "csrf": csrf_token(cookie),
            "until": _utc(session.row.until),
        }
        return JSONResponse(told, headers=PRIVATE)

    async def sign_out(self, request: Request) -> Response:
        """POST with X-CSRF-Token: our session is over; `providerSignOut` is where the provider's ends, or null."""
        cookie, leads_to = self._cookies.session(request), None
        if cookie is not None and self._callers.sessions is not None:
            try:
                refuse_forgery(request, cookie, request.headers.get(CSRF_HEADER), self._callers.origin)
            except ForgedRequest as error:
                return refusal(error, request.headers)
            leads_to = await self._callers.sessions.end(cookie)
        response = JSONResponse({"signedOut": True, "providerSignOut": leads_to, "next": DEFAULT}, headers=PRIVATE)
        self._cookies.clear_session(response)
        return response

    async def listed(self, request: Request) -> Response:
        """GET: where the person is signed in, the session used last first."""
        try:
            sessions, row = await self._own(request)
        except SessionEnded as error:
            return refusal(error, request.headers)
        told = [
            {"id": str(found), "startedAt": _utc(began), "lastSeenAt": _utc(seen), "current": found == row.id}
            for found, began, seen in await sessions.rows.of_person(row)
        ]
        return JSONResponse({"sessions": told}, headers=PRIVATE)

    async def end_listed(self, request: Request) -> Response:
        """DELETE with X-CSRF-Token: a session of the same person is over, in whichever browser it is."""
        try:
            sessions, row = await self._own(request)
            refuse_forgery(
                request, self._cookies.session(request) or "", request.headers.get(CSRF_HEADER), self._callers.origin
            )
        except (SessionEnded, ForgedRequest) as error:
            return refusal(error, request.headers)
        ended = await sessions.rows.end_of_person(request.path_params["session_id"], row)
        return JSONResponse({"ended": ended}, 200 if ended else 404, PRIVATE)

    async def _own(self, request: Request) -> tuple[Sessions, SessionRow]:
        """The session of this browser. Raises SessionEnded."""
        cookie, sessions = self._cookies.session(request), self._callers.sessions
        if cookie is None or sessions is None:
            raise SessionEnded
        return sessions, (await sessions.find(cookie)).row

    def _away(self, request: Request) -> Response:
        response = trouble_page(503, AWAY, "provider_away", request.state.request_id)
        response.headers["Retry-After"] = "5"
        return response


def _while_reachable(endpoint: Endpoint) -> Endpoint:
    """The endpoint; where the database is away, 503 and a word to come again."""

    async def reached(request: Request) -> Response:
        try:
            return await endpoint(request)
        except (DBAPIError, PoolTimeoutError):
            return refusal(SessionsAway(), request.headers)

    return reached


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
