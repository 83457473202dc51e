"""The account page: where a person is signed in and which applications they allowed; both can be ended there."""

import hmac
from uuid import UUID

from starlette.background import BackgroundTask, BackgroundTasks
from starlette.requests import Request
from starlette.responses import Response

from auth.provider.cookies import form_token
from auth.provider.protocol import form_pairs
from auth.provider.provider import Provider, provider_of, see_other
from auth.provider.storage.sessions import Session


async def account(request: Request) -> Response:
    """GET: the page. POST: `session` ends one of the person's sessions, `client` takes a consent back."""
    provider = provider_of(request)
    cookie = provider.cookies.session(request)
    session = await provider.store.sessions.touch(cookie)
    if session is None:
        advice = "Войдите через любое приложение и откройте эту страницу снова."
        return provider.pages.error(401, "Вы не вошли", advice)
    if request.method != "POST":
        return await _page(provider, session, form_token(cookie, "account"))
    form = dict(await form_pairs(request))
    response = see_other(provider.config.url("/account"))
    if hmac.compare_digest(form.get("token", "").encode(), form_token(cookie, "account").encode()):
        ended = await _end(provider, session, form)
        response.background = BackgroundTasks(
            [BackgroundTask(provider.backchannel.tell, one, session.subject) for one in ended]
        )
    return response


async def _page(provider: Provider, session: Session, token: str) -> Response:
    store = provider.store
    person = await store.directory.find(session.subject)
    sessions = await store.sessions.live(session.subject)
    consents = await store.consents.given(session.subject)
    zone = provider.config.zone
    listed = [(one.id, one.auth_time.astimezone(zone), one.id == session.id) for one in sessions]
    name = person.name if person else ""
    return provider.pages.page("account.html", person=name, sessions=listed, consents=consents, token=token)


async def _end(provider: Provider, session: Session, form: dict[str, str]) -> list[UUID]:
    """End what the form names, if it is the person's own; gives the sessions that ended."""
    store, subject = provider.store, session.subject
    ended = [one.id for one in await store.sessions.live(subject) if str(one.id) == form.get("session")]
    for one in ended:
        await _end_session(provider, subject, one)
    if "client" in form and await store.consents.revoke(subject, form["client"]):
        await store.events.record("consent_revoked", subject=subject, client_id=form["client"])
    return ended


async def _end_session(provider: Provider, subject: str, session_id: UUID) -> None:
    await provider.store.sessions.end(session_id)
    await provider.store.events.record("session_ended", subject=subject, session_id=session_id)
