"""The authorization endpoint: to the person who must be asked, or straight back with a code."""

from urllib.parse import urlencode

from authlib.oauth2.rfc6749 import OAuth2Error
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from auth.provider.authorization_request import (
    AuthorizationRequest,
    RefusedRequestError,
    UntrustedRequestError,
    client_location,
    read_authorization_request,
)
from auth.provider.logout import id_token_hint_claims
from auth.provider.protocol import ProtocolRequest, form_pairs, parse_pairs
from auth.provider.provider import Provider, provider_of, see_other
from auth.provider.storage.sessions import Session
from auth.sealing import new_secret


async def authorize(request: Request) -> Response:
    """GET or POST. A POST becomes a GET: from another site it comes without our cookie, and would lose the session."""
    provider = provider_of(request)
    if request.method == "POST":
        return see_other(provider.config.url("/authorize?") + urlencode(await form_pairs(request)))
    try:
        wanted = await read_authorization_request(provider.store.clients, parse_pairs(request.scope["query_string"]))
        return await _decide(provider, request, wanted)
    except UntrustedRequestError:
        return untrusted_page(provider)
    except RefusedRequestError as refused:
        return RedirectResponse(refused_location(provider, refused), 302)


async def _decide(provider: Provider, request: Request, wanted: AuthorizationRequest) -> Response:
    session = await provider.store.sessions.touch(provider.cookies.session(request))
    hinted = await hinted_subject(provider, wanted)
    if not wanted.accepts(session, hinted):
        session = None
    prompt = await _prompt(provider, wanted, session)
    if prompt in ("login", "select_account") or session is None:
        return await _ask(provider, request, wanted, None, "/login")
    if prompt == "consent" or await consent_missing(provider, wanted, session):
        if "none" in wanted.prompts:
            raise wanted.refuse("consent_required", "The person has to agree first.")
        return await _ask(provider, request, wanted, session, "/consent")
    return RedirectResponse(await code_location(provider, wanted, session), 302)


async def _prompt(provider: Provider, wanted: AuthorizationRequest, session: Session | None) -> str | None:
    grant = await _grant(provider, wanted, session)
    prompt: str | None = grant.prompt
    return prompt


async def _ask(
    provider: Provider, request: Request, wanted: AuthorizationRequest, session: Session | None, path: str
) -> Response:
    """Keep the request and send the browser to the page where its person answers."""
    browser = provider.cookies.browser(request) or new_secret()
    session_id = session.id if session else None
    interaction_id = await provider.store.interactions.open(
        browser, wanted.client.client_id, wanted.parameters, login_required=session is None, session_id=session_id
    )
    response = RedirectResponse(provider.config.url(f"{path}?") + urlencode({"interaction": interaction_id}), 302)
    provider.cookies.set_browser(response, browser)
    return response


async def hinted_subject(provider: Provider, wanted: AuthorizationRequest) -> str | None:
    """The subject that `id_token_hint` names; an impossible one for a hint that is not ours, which nobody matches."""
    hint = wanted.parameters.get("id_token_hint")
    if hint is None:
        return None
    claims = await id_token_hint_claims(provider.store, hint)
    return str(claims["sub"]) if claims else "nobody"


async def consent_missing(provider: Provider, wanted: AuthorizationRequest, session: Session) -> bool:
    """Whether this client needs a consent that the person has not given."""
    if not wanted.client.consent_required:
        return False
    return not await provider.store.consents.cover(session.subject, wanted.client.client_id, wanted.scopes)


async def code_location(provider: Provider, wanted: AuthorizationRequest, session: Session) -> str:
    """Issue a code and return the client's address with it."""
    done = wanted.answered("login", "select_account", "consent")
    grant = await _grant(provider, done, session)
    answer = await run_in_threadpool(provider.server.create_authorization_response, grant.request, session, grant)
    return client_location(provider.config, answer.headers["location"])


async def _grant(provider: Provider, wanted: AuthorizationRequest, session: Session | None):  # type: ignore[no-untyped-def]  # noqa: ANN202 - Authlib ships no types
    request = ProtocolRequest("GET", provider.config.url("/authorize"), {}, wanted.pairs)
    try:
        return await run_in_threadpool(provider.server.get_consent_grant, request, session)
    except OAuth2Error as error:
        raise wanted.refuse(error.error, error.get_error_description() or "") from None


def refused_location(provider: Provider, refused: RefusedRequestError) -> str:
    """The client's address with an error."""
    answer = {"error": refused.error, "error_description": refused.description, "state": refused.state}
    return client_location(provider.config, refused.redirect_uri, **answer)


def untrusted_page(provider: Provider) -> Response:
    """One page for an unknown client and a wrong address: it tells nobody which clients exist."""
    return provider.pages.error(
        400,
        "Приложение не может выполнить вход",
        "Приложение или адрес, на который оно просит вернуть вас, здесь не зарегистрированы. "
        "Закройте страницу и сообщите разработчику приложения.",
        "untrusted_request",
    )
