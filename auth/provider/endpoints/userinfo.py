"""The userinfo endpoint: claims about the person whose access token this is."""

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from auth.provider.person import userinfo_claims
from auth.provider.provider import Provider, provider_of
from domain import clock

_BEARER = re.compile(r"bearer +([A-Za-z0-9._~+/-]+=*)", re.IGNORECASE)


async def userinfo(request: Request) -> Response:
    """GET or POST with the token in the header; a token in the address or the body is not read."""
    provider = provider_of(request)
    header = request.headers.get("authorization")
    if header is None:
        return _refused(401)
    match = _BEARER.fullmatch(header)
    claims = await _verified(provider, match[1]) if match else None
    if claims is None:
        return _refused(401, "invalid_token")
    scopes = claims["scope"].split()
    if "openid" not in scopes:
        return _refused(403, "insufficient_scope")
    person = await provider.store.directory.find(claims["sub"])
    return JSONResponse(userinfo_claims(person, scopes)) if person else _refused(401, "invalid_token")


async def _verified(provider: Provider, token: str) -> dict[str, Any] | None:
    claims = await provider.store.keys.verify(token, "at+jwt")
    if claims is None or (claims["iss"], claims["aud"]) != (provider.config.issuer, provider.config.audience):
        return None
    return claims if claims["exp"] > clock.seconds() else None


def _refused(status: int, error: str | None = None) -> Response:
    challenge = 'Bearer realm="userinfo"' + (f', error="{error}"' if error else "")
    return JSONResponse({"error": error} if error else {}, status, {"WWW-Authenticate": challenge})
