"""The HTML of the front page: what the server knows and the script cannot guess is written into it once."""

from pathlib import Path

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.door.examples import load_examples
from api.settings import Settings
from domain.roles import Role
from schema.engine.access.denials import Reason
from schema.people.role_words import ROLE_WORDS

FOLDER = Path(__file__).parent
CLIENT_ID = "vhod-spa"
SCOPE = "openid fullname education:read education:write education:special offline_access"
REASON_WORDS: dict[Reason, str] = {
    Reason.CLIENT_SCOPE: "Этому приложению такое право не выдано.",
    Reason.NO_ROLE: "Ни одна ваша роль не даёт этого права.",
    Reason.OUT_OF_REACH: "Ваша роль даёт это право, но не для этой записи.",
}


def door_page(settings: Settings) -> str:
    """Render the page. It offers sign-in only where the stand-in is served; elsewhere it names the issuers."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    template = environment.get_template("door.html")
    return template.render(
        known=orjson.dumps(known_to_the_script(settings)).decode(),
        stand_in=settings.stand_in,
        development=settings.development,
        issuers=settings.issuers,
        endpoint=f"{settings.public_url}/graphql",
        examples=load_examples(demo=settings.stand_in),
    )


def known_to_the_script(settings: Settings) -> dict[str, object]:
    """Give what door.js reads from the page: our origin, the client's registration, words for codes."""
    return {
        "origin": settings.public_url,
        "issuer": settings.stand_in_issuer if settings.stand_in else None,
        "clientId": CLIENT_ID,
        "scope": SCOPE,
        "roles": {role.value: ROLE_WORDS[role][1] for role in Role},
        "reasons": {reason.value: REASON_WORDS[reason] for reason in Reason},
    }
