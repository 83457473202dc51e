"""The matrix as a page: what everybody may read of it, what the signed-in find, and that it loads nothing else."""

from collections.abc import AsyncIterator
from html.parser import HTMLParser
from typing import Any

import pytest

from api.kept_files import PAGE_POLICY
from schema.access.matrix import lines, matrix
from tests.api.browser import Browser
from tests.api.test_door import Elements
from tests.schema.demo import open_demo

pytestmark = pytest.mark.anyio


@pytest.fixture
async def visitor(database_server: Any, database_template: str) -> AsyncIterator[Browser]:
    """A browser in which nobody has signed in, at a server without data."""
    with database_server.clone(database_template) as url:
        async with open_demo(url) as demo:
            opened = Browser.at(demo)
            async with opened.http:
                yield opened


class Cells(HTMLParser):
    """The table of a page: its rows, each a list of the texts of its cells."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        self._inside = tag in ("td", "th") or (self._inside and tag != "tr")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.rows[-1][-1] += data


async def test_everybody_reads_what_roles_may_do_and_no_field(visitor: Browser) -> None:
    """The permissions of the roles; a filter asks for sign-in and comes back to itself."""
    page = await visitor.http.get("/access")
    filtered = await visitor.http.get("/access", params={"role": "TEACHER", "text": "снилс"})
    whole = await visitor.http.get("/access.csv")

    assert page.headers.get_list("content-security-policy") == [PAGE_POLICY]
    assert "mark:write" in page.text
    assert "birthDate" not in page.text + filtered.text
    assert 'href="/session/sign-in?next=/access%3Frole%3DTEACHER' in filtered.text
    assert (whole.status_code, whole.headers["location"]) == (303, "/session/sign-in?next=/access.csv")


async def test_page_runs_no_script_and_loads_only_our_style(visitor: Browser) -> None:
    """Filtering is a plain form: it works where scripts are off."""
    elements = Elements((await visitor.http.get("/access")).text)

    assert elements.inline == []
    assert not [tag for tag, given in elements.found if tag == "script" or "style" in given]
    assert elements.loaded == ["/favicon.ico", "/door/door.css", "/access/access.css"]


async def test_signed_in_find_a_field_and_who_sees_it(visitor: Browser) -> None:
    """By Russian word, by role, by class; masked cells say so; the files hold the whole matrix."""
    await visitor.sign_in("org-admin")
    found = await visitor.http.get("/access", params={"text": "СНИЛС", "type": "Student"})
    deputy = await visitor.http.get("/access", params={"text": "snils", "type": "Student", "role": "DEPUTY_HEAD"})
    teacher = await visitor.http.get("/access", params={"type": "Student", "role": "TEACHER", "seen": "1"})
    nothing = await visitor.http.get("/access", params={"text": "<b>нет такого"})

    assert [row[0] for row in Cells(found.text).rows[2:]] == ["snilsСНИЛС"]
    assert Cells(deputy.text).rows[-1][-1] == "под маской: своя организация"
    assert "snils" not in {row[0][:5] for row in Cells(teacher.text).rows}
    assert "Таких полей нет" in nothing.text
    assert "<b>" not in nothing.text
    assert (await visitor.http.get("/access.csv")).text == matrix("csv")
    assert (await visitor.http.get("/access.md")).text == matrix("md")


async def test_filter_by_class_gives_all_fields_of_the_class(visitor: Browser) -> None:
    """As many rows as the matrix has lines; a role that does not exist is no filter."""
    await visitor.sign_in("org-admin")
    page = await visitor.http.get("/access", params={"class": "P3", "role": "NOBODY"})
    special = [line for line in lines() if line.sensitivity.name == "P3"]

    assert f"Поля: {len(special)}" in page.text
    assert len(special) > 0
