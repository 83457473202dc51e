"""The errors page: every code is there, with what to do, and nothing is loaded from elsewhere."""

from api.errors_page.routes import errors_page
from domain.errors import Code
from tests.api.test_door import Elements


def test_every_code_has_its_section_with_what_to_do() -> None:
    """A code added to the catalogue shows on the page; links from GraphiQL lead to its heading."""
    elements = Elements(errors_page())
    anchors = [given["id"] for tag, given in elements.found if tag == "h2"]

    assert set(anchors) == {code.value for code in Code}
    assert errors_page().count("Что делать:") == len(anchors)
    assert elements.loaded == ["/favicon.ico", "/door/door.css"]
    assert elements.inline == []
