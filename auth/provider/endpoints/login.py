"""The sign-in pages: two ways in, Gosuslugi (here: a demo person) and the form for children under 14."""

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from auth.provider.endpoints.interaction import Visit, proceed, refuse, visit
from auth.provider.people import DemoPerson
from auth.provider.provider import provider_of
from auth.provider.storage.children import normal_login

FILTERS = {"conf_acc", "acc_kid", "acc_not_kid"}
"""ESIA's account filter: confirmed accounts, children only, everybody except children."""


async def choose_way(request: Request) -> Response:
    """GET: the two ways in, less those that the client has filtered out."""
    here = await visit(request)
    person_filter = here.wanted.parameters.get("person_filter")
    return here.page("login.html", gosuslugi=person_filter != "acc_kid", child=person_filter in (None, "acc_kid"))


async def gosuslugi(request: Request) -> Response:
    """GET: the demo people to choose from. POST: sign in as one of them; without demo people there is nobody."""
    here = await visit(request)
    if request.method != "POST":
        return _people_page(here)
    chosen = next((person for person in _people(here) if person.key == here.form.get("person")), None)
    if chosen is None:
        return _people_page(here, error="Выберите человека из списка.")
    return await _signed_in(request, here, chosen.oid, ["esia"])


def _people_page(here: Visit, error: str | None = None) -> Response:
    return here.page("people.html", 422 if error else 200, people=_people(here), error=error)


def _people(here: Visit) -> list[DemoPerson]:
    """Demo people, the one whom the client hints at first, be it one who is not listed."""
    directory, hint = here.provider.store.directory, here.wanted.parameters.get("login_hint") or ""
    confirmed_only = here.wanted.parameters.get("person_filter") == "conf_acc"
    listed, hinted = directory.demo_people(), directory.demo_person(hint)
    if hinted and hinted.login is None and hinted not in listed:
        listed = [hinted, *listed]
    people = [one for one in listed if one.trusted or not confirmed_only]
    return sorted(people, key=lambda person: hint not in (person.key, person.oid))


async def child(request: Request) -> Response:
    """GET: the form for children. POST: sign in by login and password, counted against guessing."""
    here = await visit(request)
    if request.method != "POST":
        return _child_page(here, login=here.wanted.parameters.get("login_hint", ""))
    login, password = here.form.get("login", ""), here.form.get("password", "")
    if not login.strip() or not password or len(login) > 100 or len(password) > 200:
        return _child_page(here, 422, login[:100], "Введите логин и пароль.")
    store = here.provider.store
    attempt = await store.throttles.attempt(normal_login(login), request.client.host if request.client else "")
    if attempt.wait_seconds:
        await store.events.record("sign_in_throttled", client_id=here.wanted.client.client_id)
        return _throttled_page(here, login, attempt.wait_seconds)
    subject = await store.children.check(login, password, here.provider.config.today)
    if subject is None:
        await store.events.record("sign_in_failed", client_id=here.wanted.client.client_id)
        return _child_page(here, 422, login, "Логин или пароль не подходят. Проверьте раскладку клавиатуры.")
    await store.throttles.succeeded(attempt)
    return await _signed_in(request, here, subject, ["pwd"])


def _child_page(here: Visit, status: int = 200, login: str = "", error: str | None = None) -> Response:
    demo = here.provider.store.directory.demo_children()
    return here.page("child.html", status, login=login, error=error, demo=demo)


def _throttled_page(here: Visit, login: str, seconds: int) -> Response:
    wait = f"{seconds} с" if seconds < 60 else f"{-(-seconds // 60)} мин"
    page = _child_page(here, 429, login, f"Слишком много попыток. Подождите {wait} и попробуйте снова.")
    page.headers["Retry-After"] = str(seconds)
    return page


async def cancel(request: Request) -> Response:
    """POST: back to the client without signing in."""
    return await refuse(await visit(request), "access_denied", "The person cancelled the sign-in.")


async def _signed_in(request: Request, here: Visit, subject: str, amr: list[str]) -> Response:
    """Start a session under a new cookie, which nobody can have known before, and go on."""
    provider, store = provider_of(request), here.provider.store
    before = await store.sessions.touch(provider.cookies.session(request))
    cookie, session = await store.sessions.start(subject, amr, provider.cookies.session(request))
    await store.interactions.signed_in(here.interaction.id, session.id)
    await store.events.record("sign_in", subject=subject, client_id=here.wanted.client.client_id, session_id=session.id)
    response = await proceed(here, session)
    provider.cookies.set_session(response, cookie)
    if before is not None and before.subject == subject:
        await store.session_clients.hand_on(before.id, session.id)
    elif before is not None:  # another person's, on a shared computer
        response.background = BackgroundTask(provider.backchannel.tell, before.id, before.subject)
    return response
