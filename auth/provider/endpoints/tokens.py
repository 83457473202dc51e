"""Endpoints that clients call themselves: token and revocation."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from auth.provider.protocol import MalformedRequestError, ProtocolRequest, form_pairs
from auth.provider.provider import Provider, provider_of


async def token(request: Request) -> Response:
    """POST: a code or a refresh token for tokens (RFC 6749, 5)."""
    provider = provider_of(request)
    wanted = await _read(provider, request, "/token")
    if "grant_type" not in wanted.payload.data:
        raise MalformedRequestError("The parameter grant_type is missing.")
    response: Response = await run_in_threadpool(provider.server.create_token_response, wanted)
    return response


async def revoke(request: Request) -> Response:
    """POST: end a refresh token and its family (RFC 7009)."""
    provider = provider_of(request)
    wanted = await _read(provider, request, "/revoke")
    response: Response = await run_in_threadpool(provider.server.create_endpoint_response, "revocation", wanted)
    return response


async def _read(provider: Provider, request: Request, path: str) -> ProtocolRequest:
    wanted = ProtocolRequest("POST", provider.config.url(path), request.headers, await form_pairs(request))
    if wanted.payload.repeated:
        raise MalformedRequestError("A parameter occurs more than once.")
    if "authorization" in request.headers and "client_secret" in wanted.payload.data:
        raise MalformedRequestError("The client authenticates in two ways at once.")
    return wanted


def malformed(error: MalformedRequestError) -> Response:
    """The answer to a client whose request cannot be read."""
    return JSONResponse({"error": "invalid_request", "error_description": str(error)}, 400)
