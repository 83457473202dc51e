"""The HTML of the GraphiQL page: what the server knows and the scripts cannot guess is written into it once."""

from dataclasses import asdict
from itertools import groupby
from pathlib import Path

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from api.door.page import REASON_WORDS
from api.graphiql.assets import manifest
from api.graphiql.examples import load_examples
from api.settings import Settings
from auth.permissions import Permission, roles_with
from domain.error_catalogue import CATALOGUE
from domain.roles import Role
from schema.people.role_words import ROLE_WORDS

FOLDER = Path(__file__).parent
CONTRACT = "/graphiql/schema.graphql"


class GraphiQLPage:
    """The page, ready but for the nonce of a request."""

    def __init__(self, settings: Settings) -> None:
        environment = Environment(
            loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._template = environment.get_template("page.html")
        self._known = known_to_the_scripts(settings)

    def render(self, nonce: str) -> str:
        """The page whose scripts may make style sheets with this nonce."""
        known = script_text({**self._known, "nonce": nonce})
        return self._template.render(known=known, scripts=manifest().scripts, styles=manifest().styles)


def known_to_the_scripts(settings: Settings) -> dict[str, object]:
    """Give what source/known.js reads: addresses, words for codes, who has which permission, the examples."""
    return {
        "endpoint": f"{settings.public_url}/graphql",
        "contract": CONTRACT,
        "standIn": settings.stand_in and settings.development,
        "roles": {role.value: ROLE_WORDS[role][1] for role in Role},
        "reasons": {reason.value: words for reason, words in REASON_WORDS.items()},
        "errors": {
            code.value: {"when": entry.when_russian, "then": entry.then_russian} for code, entry in CATALOGUE.items()
        },
        "permissions": {one.value: [role.value for role in Role if role in roles_with(one)] for one in Permission},
        "examples": [
            {"role": role.value, "group": ROLE_WORDS[role][1], "examples": [asdict(example) for example in examples]}
            for role, examples in groupby(load_examples(), key=lambda example: example.role)
        ],
    }


def script_text(value: object) -> Markup:
    """JSON that may stand inside of a script element, whatever the texts in it say."""
    return Markup(orjson.dumps(value).decode().replace("<", r"\u003c"))  # noqa: S704 - no `<` is left to end the element
