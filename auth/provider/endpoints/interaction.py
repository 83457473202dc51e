"""What the pages have in common: which waiting request this is, and how it ends."""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from auth.provider.authorization_request import AuthorizationRequest, RefusedRequestError
from auth.provider.cookies import form_token
from auth.provider.endpoints.authorize import code_location, consent_missing, hinted_subject, refused_location
from auth.provider.protocol import form_pairs, parse_pairs
from auth.provider.provider import Provider, provider_of, see_other
from auth.provider.redirect_uris import form_target
from auth.provider.storage.interactions import Interaction
from auth.provider.storage.sessions import Session


class NoInteractionError(Exception):
    """There is no such waiting request in this browser: too old, finished, or somebody else's."""


@dataclass(frozen=True)
class Visit:
    """One request of a page: the provider, the waiting request, what the person sent."""

    provider: Provider
    interaction: Interaction
    wanted: AuthorizationRequest
    form: dict[str, str]
    token: str

    def page(self, name: str, status: int = 200, **context: object) -> Response:
        """A page of this visit, whose forms may end at the client."""
        targets = [form_target(self.wanted.redirect_uri)]
        common = {"interaction": self.interaction.id, "token": self.token, "client": self.wanted.client.name}
        return self.provider.pages.page(name, status, targets, **common, **context)


async def visit(request: Request) -> Visit:
    """The visit behind a request of a page. Raises NoInteractionError, also for a form without its token."""
    provider = provider_of(request)
    form = dict(await form_pairs(request)) if request.method == "POST" else {}
    query = dict(parse_pairs(request.scope["query_string"]))
    interaction_id = form.get("interaction") or query.get("interaction", "")
    browser = provider.cookies.browser(request) or ""
    interaction = await provider.store.interactions.find(interaction_id, browser)
    client = await provider.store.clients.find(interaction.client_id) if interaction else None
    if interaction is None or client is None:
        raise NoInteractionError
    token = form_token(browser, interaction.id)
    if request.method == "POST" and not hmac.compare_digest(form.get("token", "").encode(), token.encode()):
        raise NoInteractionError
    return Visit(provider, interaction, AuthorizationRequest(client, interaction.parameters), form, token)


async def proceed(visit: Visit, session: Session) -> Response:
    """After the sign-in: to the consent page if one is needed, else back to the client."""
    hinted = await hinted_subject(visit.provider, visit.wanted)
    if hinted and hinted != session.subject:
        return await refuse(visit, "login_required", "Another person signed in than the one expected.")
    if "consent" in visit.wanted.prompts or await consent_missing(visit.provider, visit.wanted, session):
        return see_other(visit.provider.config.url("/consent?") + urlencode({"interaction": visit.interaction.id}))
    return await finish(visit, session)


async def finish(visit: Visit, session: Session) -> Response:
    """Back to the client with a code, once."""
    return await _leave(visit, lambda: code_location(visit.provider, visit.wanted, session))


async def refuse(visit: Visit, error: str, description: str) -> Response:
    """Back to the client with an error, once."""

    async def location() -> str:
        return refused_location(visit.provider, visit.wanted.refuse(error, description))

    return await _leave(visit, location)


async def _leave(visit: Visit, location: Callable[[], Awaitable[str]]) -> Response:
    if not await visit.provider.store.interactions.finish(visit.interaction.id):
        raise NoInteractionError
    try:
        return see_other(await location())
    except RefusedRequestError as refused:
        return see_other(refused_location(visit.provider, refused))


def gone_page(provider: Provider) -> Response:
    """The page for NoInteractionError."""
    return provider.pages.error(
        400,
        "Эта страница входа больше не действует",
        "Вход уже завершён, прошло больше получаса или страница открыта в другом браузере. "
        "Вернитесь в приложение и нажмите «Войти» ещё раз.",
        "no_interaction",
    )
