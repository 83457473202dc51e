"""The consent page: what a client asks for, and the person's yes or no."""

from starlette.requests import Request
from starlette.responses import Response

from auth.provider.endpoints.interaction import NoInteractionError, Visit, finish, refuse, visit
from auth.provider.scopes import SCOPES
from auth.provider.storage.events import EventNames
from auth.provider.storage.sessions import Session


async def consent(request: Request) -> Response:
    """GET: ask. POST: `answer` is `allow`, or anything else for no."""
    here = await visit(request)
    session = await _session(request, here)
    person = await here.provider.store.directory.find(session.subject)
    if person is None:
        raise NoInteractionError
    if request.method != "POST":
        asked = [SCOPES[scope] for scope in here.wanted.scopes]
        return here.page("consent.html", person=person.name, asked=asked)
    return await _answer(here, session)


async def _session(request: Request, here: Visit) -> Session:
    """The session in which the request waits; another one (a change of person in a second tab) does not count."""
    session = await here.provider.store.sessions.touch(here.provider.cookies.session(request))
    if session is None or here.interaction.login_required or session.id != here.interaction.session_id:
        raise NoInteractionError
    return session


async def _answer(here: Visit, session: Session) -> Response:
    store, client_id = here.provider.store, here.wanted.client.client_id
    names: EventNames = {"subject": session.subject, "client_id": client_id, "session_id": session.id}
    if here.form.get("answer") != "allow":
        await store.events.record("consent_refused", **names)
        return await refuse(here, "access_denied", "The person refused.")
    await store.consents.grant(session.subject, client_id, here.wanted.scopes)
    await store.events.record("consent_granted", **names)
    return await finish(here, session)
