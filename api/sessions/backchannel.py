"""POST /auth/backchannel-logout: the provider says that a session of somebody is over, and so are ours."""

from dataclasses import dataclass
from urllib.parse import parse_qs

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.authentication import refusal
from api.sessions.errors import SessionsAway
from api.sessions.logout_tokens import LogoutTokens, NoLogoutToken
from api.sessions.storage import SessionRows
from auth.errors import KeysUnavailable

ADDRESS = "/auth/backchannel-logout"
PRIVATE = {"Cache-Control": "no-store"}
LONGEST_BODY = 16 * 1024


@dataclass(frozen=True)
class BackchannelLogouts:
    """Ends sessions with their sockets, in whichever process they are."""

    tokens: LogoutTokens
    rows: SessionRows

    def route(self) -> Route:
        """The route, for the composition root."""
        return Route(ADDRESS, self.end, methods=["POST"])

    async def end(self, request: Request) -> Response:
        """200 when all that the token names is over, also where there was nothing; 400 for a token that is none."""
        try:
            logout = await self.tokens.verify(_token(await request.body()))
            ended = await self.rows.end_by_provider(logout.issuer, logout.sid, logout.subject, logout.token_id)
        except NoLogoutToken:
            return JSONResponse({"error": "invalid_request"}, 400, PRIVATE)
        except KeysUnavailable as error:
            return refusal(error, request.headers)
        except (DBAPIError, PoolTimeoutError):
            return refusal(SessionsAway(), request.headers)
        if ended is None:  # sent twice: what it named has ended, and what began since has not
            return JSONResponse({"error": "invalid_request"}, 400, PRIVATE)
        structlog.get_logger(__name__).info("session:ended_by_provider", sessions=ended)
        return Response(status_code=200, headers=PRIVATE)


def _token(body: bytes) -> str:
    try:
        given = (
            parse_qs(body.decode("ascii"), strict_parsing=True, max_num_fields=10) if len(body) < LONGEST_BODY else {}
        )
    except ValueError as error:
        raise NoLogoutToken from error
    found = given.get("logout_token", [])
    if len(found) != 1:
        raise NoLogoutToken
    return found[0]
