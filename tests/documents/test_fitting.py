"""The judge of the documents' answers is itself judged: a page that says something else is noticed."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.documents.fitting import stands_in
from tests.documents.steps import questions

ANSWER = json.loads(
    '{"data": {"me": {"name": "Вера", "roles": [{"a": 1, "b": true}, {"a": 2}, {"a": 3}], "none": null}}}'
)


@pytest.mark.parametrize(
    "shown",
    [
        {"me": {"name": "Вера"}},
        {"a": 2},
        {"name": "Ве…", "none": None},
        {"roles": [{"a": 1}, {"a": 2}, {"a": 3}]},
        {"roles": [{"a": 1}, "…"]},
        {"roles": ["…", {"a": 2}, "…", {"a": 3}]},
    ],
)
def test_part_of_an_answer_is_found(shown: Any) -> None:
    """At any depth, with less than all keys, with an ellipsis for what is left out."""
    assert stands_in(shown, ANSWER)


@pytest.mark.parametrize(
    "shown",
    [
        {},
        {"a": 4},
        {"a": "1"},
        {"b": 1},
        {"a": 1, "b": False},
        {"name": "вера"},
        {"none": "null"},
        {"nothing": None},
        {"roles": [{"a": 1}, {"a": 2}]},
        {"roles": ["…", {"a": 3}, {"a": 2}]},
    ],
)
def test_what_the_answer_does_not_say_is_noticed(shown: Any) -> None:
    """Another value, another type, a missing key, a shortened list without an ellipsis, another order."""
    assert not stands_in(shown, ANSWER)


def test_block_that_nobody_would_read_is_refused(tmp_path: Path) -> None:
    """An answer without its word would look held true and be held by nobody."""
    page = tmp_path / "page.md"
    page.write_text('```graphql teacher\n{ me { standing } }\n```\n```json\n{"standing": "ACTIVE"}\n```\n')

    with pytest.raises(ValueError, match=r"page\.md:4"):
        questions(page)
