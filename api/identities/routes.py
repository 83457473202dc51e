"""POST /session/link: the first sign-in of an application that keeps its own tokens, a mobile one say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.authentication import REFUSED, authenticate, refusal
from api.budgets.budgets import Budgets
from api.callers import caller_of
from api.identities.facts import Facts, facts_of
from api.identities.matching import Match, Matching
from api.identities.userinfo import Userinfo
from api.refusals import RefusedRequest, refuse
from api.sessions.errors import SessionsAway
from auth.claims import VerifiedClaims
from auth.errors import InvalidToken, Reason
from auth.issuers import Issuer
from auth.verified_tokens import VerifiedTokens
from domain.errors import RateLimited

LINK_POINTS = 60_000
"""Of a person's budget: the provider is asked, who has better things to do than to be asked again and again."""
PRIVATE = {"Cache-Control": "no-store"}


@dataclass(frozen=True)
class FirstSignIns:
    """Matches whoever calls with a token of theirs. A browser's session is matched when it begins."""

    verifier: VerifiedTokens
    matching: Matching
    budgets: Budgets
    providers: Mapping[str, tuple[Issuer, Userinfo]]
    """By `iss`."""

    def route(self, cors: Sequence[Middleware]) -> Route:
        """The route, for the composition root."""
        return Route("/session/link", self.link, methods=["POST", "OPTIONS"], middleware=cors)

    async def link(self, request: Request) -> Response:
        """Whether the account is linked now. Why not is not told: others' records are nobody's to guess at."""
        try:
            claims = await authenticate(request.headers, self.verifier)
            if claims is None or caller_of(claims).is_service:
                raise InvalidToken(Reason.CREDENTIALS)
            await self.budgets.purse(caller_of(claims), None).take(LINK_POINTS)
            facts = await self._facts(claims, request.headers["authorization"].split()[-1])
            found = await self.matching.match(claims, facts, request.state.request_id)
        except RateLimited as error:
            retry = {"Retry-After": str(error.retry_after_seconds)}
            return refuse(RefusedRequest(429, error.english, error.russian, error.code, retry), request.headers)
        except REFUSED as error:
            return refusal(error, request.headers)
        except (DBAPIError, PoolTimeoutError):
            return refusal(SessionsAway(), request.headers)
        return JSONResponse({"linked": found is not Match.WAITING}, headers=PRIVATE)

    async def _facts(self, claims: VerifiedClaims, access_token: str) -> Facts:
        issuer, userinfo = self.providers[claims.issuer]
        if not issuer.matches_people:
            return Facts()
        told = await userinfo.ask(access_token)
        return facts_of(told, claims.subject if issuer.subject_claim == ("sub",) else None)
