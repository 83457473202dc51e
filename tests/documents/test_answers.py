"""Every document that a page shows is valid, and whoever it is asked by gets the answer that stands below it."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from graphql import parse, validate

from schema import build_schema
from tests.documents.fitting import nearest, stands_in
from tests.documents.steps import CHECKOUT, ELLIPSIS, Question, questions
from tests.schema.demo import Demo

pytestmark = pytest.mark.anyio

PAGES = ["README.md", "docs/tour.md", "docs/clients.md"]


@dataclass
class Reader:
    """Somebody who walks through a page and asks what stands there, in the order in which it stands there."""

    demo: Demo
    page: str

    async def differences(self, question: Question) -> list[str]:
        """What is answered otherwise than the page says."""
        found, variables = [], filled(question.variables)
        for viewer in dict.fromkeys([question.viewer, *(shown.viewer for shown in question.shown)]):
            body = await self.answer(question.document, variables, viewer or "")
            if "errors" in body and not any(shown.viewer == viewer for shown in question.shown):
                found.append(f"{self.page}:{question.line}, as {viewer}: {body['errors']}")
            found += [
                f"{self.page}:{shown.line}, as {viewer}: shown\n{told(part)}\nanswered\n{told(nearest(part, body))}"
                for shown in question.shown
                for part in shown.parts
                if shown.viewer == viewer and not stands_in(part, body)
            ]
        return found

    async def answer(self, document: str, variables: dict[str, Any] | None, viewer: str) -> dict[str, Any]:
        """What somebody is answered."""
        await self.demo.flush()  # who has looked is written in batches; a page is read from its top
        return (await self.demo.query(document, variables, None if viewer == "anonymous" else viewer)).body


def told(value: Any) -> str:
    """JSON as a page shows it, as far as one reads it."""
    return json.dumps(value, ensure_ascii=False)[:2000]


def filled(variables: Any) -> Any:
    """Variables with a new UUID for each ellipsis."""
    if isinstance(variables, dict):
        return {name: filled(value) for name, value in variables.items()}
    return str(uuid4()) if variables == ELLIPSIS else variables


@pytest.mark.parametrize("page", PAGES)
async def test_answers_are_those_that_the_page_shows(page: str, own_demo: Demo) -> None:
    """Asked one after the other on a fresh demo at the tests' moment, as a reader would."""
    asked = [question for question in questions(CHECKOUT / page) if question.viewer]
    reader = Reader(own_demo, page)
    found = [line for question in asked for line in await reader.differences(question)]

    assert any(question.shown for question in asked)
    assert not found, "\n\n".join(found)


@pytest.mark.parametrize("page", PAGES)
def test_documents_are_valid(page: str) -> None:
    """Also those that nobody is said to ask."""
    contract = build_schema().graphql
    wrong = {one.line: validate(contract, parse(one.document)) for one in questions(CHECKOUT / page)}

    assert wrong
    assert {line: [error.message for error in errors] for line, errors in wrong.items() if errors} == {}
