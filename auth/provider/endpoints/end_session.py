"""RP-initiated logout: ends the session and everything that came from it."""

import hmac
from uuid import UUID

from authlib.oauth2.rfc6749 import OAuth2Error
from starlette.background import BackgroundTask, BackgroundTasks
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from auth.provider.cookies import form_token
from auth.provider.logout import session_of_hint
from auth.provider.protocol import Pairs, ProtocolRequest, form_pairs, parse_pairs
from auth.provider.provider import Provider, provider_of, see_other
from auth.provider.redirect_uris import form_target
from auth.provider.storage.sessions import Session

KEPT = ("id_token_hint", "client_id", "post_logout_redirect_uri", "state")


async def end_session(request: Request) -> Response:
    """GET or POST. Without a hint for this very session the person is asked: a link must not sign anybody out."""
    provider = provider_of(request)
    pairs = await form_pairs(request) if request.method == "POST" else parse_pairs(request.scope["query_string"])
    wanted = ProtocolRequest(request.method, provider.config.url("/end_session"), {}, pairs)
    try:
        asked = await run_in_threadpool(provider.server.validate_endpoint_request, "end_session", wanted)
    except OAuth2Error:
        return _unclear_page(provider)
    cookie = provider.cookies.session(request)
    session = await provider.store.sessions.touch(cookie)
    hinted = session_of_hint(asked.id_token_claims)
    if session and session.id != hinted and not _confirmed(pairs, cookie):
        return _question(provider, pairs, cookie, asked.redirect_uri)
    ended = await _end(provider, session, hinted)
    response = see_other(asked.redirect_uri) if asked.redirect_uri else provider.pages.page("signed_out.html")
    provider.cookies.clear_session(response)
    response.background = BackgroundTasks([BackgroundTask(provider.backchannel.tell, *one) for one in ended])
    return response


async def _end(provider: Provider, session: Session | None, hinted: UUID | None) -> list[tuple[UUID, str]]:
    """End the session of the browser and the one that the hint names, which may be older; gives those that ended."""
    ended = []
    for session_id in {session.id if session else None, hinted} - {None}:
        assert session_id is not None
        if subject := await provider.store.sessions.end(session_id):
            await provider.store.events.record("logout", subject=subject, session_id=session_id)
            ended.append((session_id, subject))
    return ended


def _confirmed(pairs: Pairs, cookie: str | None) -> bool:
    sent = dict(pairs).get("token", "")
    return hmac.compare_digest(sent.encode(), form_token(cookie, "logout").encode())


def _question(provider: Provider, pairs: Pairs, cookie: str | None, redirect_uri: str | None) -> Response:
    kept = {name: value for name, value in dict(pairs).items() if name in KEPT}
    targets = [form_target(redirect_uri)] if redirect_uri else []
    return provider.pages.page("sign_out.html", 200, targets, kept=kept, token=form_token(cookie, "logout"))


def _unclear_page(provider: Provider) -> Response:
    return provider.pages.error(
        400,
        "Выйти не получилось",
        "Приложение прислало противоречивый запрос на выход. Вернитесь в приложение и попробуйте ещё раз.",
        "invalid_request",
    )
