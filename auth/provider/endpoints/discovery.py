"""What anybody may know of the provider: its metadata and its public keys."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from auth.provider.clients import GRANT_TYPES, SERVICE_GRANT_TYPES
from auth.provider.config import ProviderConfig
from auth.provider.grants import AUTH_METHODS
from auth.provider.provider import provider_of
from auth.provider.scopes import SCOPES
from auth.provider.storage.signing_keys import ALGORITHMS

# Shorter than the notice that a new key is given before it signs (`key_notice`, one day).
CACHED = {"Cache-Control": "public, max-age=300"}


async def discovery(request: Request) -> Response:
    """GET: OpenID Connect Discovery 1.0, RFC 8414, RFC 9207."""
    return JSONResponse(metadata(provider_of(request).config), headers=CACHED)


async def jwks(request: Request) -> Response:
    """GET: the public halves of the next, the current and the previous keys."""
    return JSONResponse(await provider_of(request).store.keys.jwks(), headers=CACHED)


def metadata(config: ProviderConfig) -> dict[str, Any]:
    """The metadata document."""
    return {
        "issuer": config.issuer,
        "authorization_endpoint": config.url("/authorize"),
        "token_endpoint": config.url("/token"),
        "userinfo_endpoint": config.url("/userinfo"),
        "jwks_uri": config.url("/jwks"),
        "revocation_endpoint": config.url("/revoke"),
        "end_session_endpoint": config.url("/end_session"),
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": [*GRANT_TYPES, *SERVICE_GRANT_TYPES],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": list(ALGORITHMS),
        "token_endpoint_auth_methods_supported": AUTH_METHODS,
        "revocation_endpoint_auth_methods_supported": AUTH_METHODS,
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "claim_types_supported": ["normal"],
        "claims_supported": [
            *("iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "amr", "at_hash", "sid"),
            *("name", "family_name", "given_name", "middle_name", "gender", "birthdate", "snils"),
            *("urn:esia:sbj", "urn:esia:sid", "urn:esia:amd"),
        ],
        "ui_locales_supported": ["ru"],
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "authorization_response_iss_parameter_supported": True,
    }
