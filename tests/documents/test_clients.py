"""The clients of the demo are registered as the page for those who write clients says."""

import re
import tomllib

import pytest

from tests.documents.steps import CHECKOUT, questions

PAGE = (CHECKOUT / "docs/clients.md").read_text(encoding="utf-8")
CLIENTS = tomllib.loads((CHECKOUT / "auth/provider/clients.toml").read_text(encoding="utf-8"))
ORIGIN = "http://127.0.0.1:8000"


@pytest.mark.parametrize("client", CLIENTS)
def test_client_is_registered_as_the_page_says(client: str) -> None:
    """Its addresses, those after signing out and its scopes, in full."""
    [row] = [line for line in PAGE.splitlines() if line.startswith(f"| `{client}` |")]
    back, out, scopes = [set(cell.replace("`", "").replace(",", "").split()) for cell in row.split(" | ")[2:]]
    told = CLIENTS[client]
    expected = [
        {address.replace("{origin}", ORIGIN) for address in told.get(name, ())}
        for name in ("redirect_uris", "post_logout_redirect_uris")
    ]

    assert [{word for word in cell if ":/" in word} for cell in (back, out)] == expected
    assert scopes - {"|"} == set(told["scopes"])


def test_every_program_asks_the_first_query() -> None:
    """In two languages and three ways of signing in it is the same document, whose answer is held true."""
    [first, *_] = questions(CHECKOUT / "docs/clients.md")
    asked = re.findall(r"""(?:ask\('|query: '|gql\(")(.*?)['"]\)? ?[;})]""", PAGE)

    assert len(asked) == 4
    assert set(asked) == {first.document.strip()}


def test_programs_ask_for_what_their_client_may_have() -> None:
    """Redirects and scopes within the programs are those of the table."""
    known = {
        address.replace("{origin}", ORIGIN) for one in CLIENTS.values() for address in one.get("redirect_uris", ())
    }

    assert "redirect_uri: 'http://127.0.0.1:5173/callback'" in PAGE
    assert "redirectUrl: 'org.example.vhod:/callback'" in PAGE
    assert {"http://127.0.0.1:5173/callback", "org.example.vhod:/callback", "http://127.0.0.1/callback"} <= known
