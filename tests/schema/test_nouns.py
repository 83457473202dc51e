"""A noun signs in once: what all of them bring is put together, and nothing is brought twice."""

import re
from collections import Counter

import pytest

from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC
from schema.engine.mapping.declare import computed
from schema.engine.noun import root
from schema.nouns import NOUNS

GRAMMAR = re.compile(r"[a-z]+:[a-z_]+:[a-z_]+")


def test_audit_has_one_grammar() -> None:
    """`subject:object:action`, and each is of one noun."""
    actions = [action.value for noun in NOUNS if noun.audited for action in noun.audited]

    assert len(actions) > 40
    assert [action for action in actions if not GRAMMAR.fullmatch(action)] == []
    assert [action for action, times in Counter(actions).items() if times > 1] == []


def test_codes_of_one_subject_are_told_together() -> None:
    """Two nouns that told of the same subject would tell of it twice in the contract."""
    subjects = Counter(about for noun in NOUNS for about in noun.codes)

    assert [about for about, times in subjects.items() if times > 1] == []


class _Lists:
    @computed("One.", PUBLIC, sensitivity=Sensitivity.P0)
    def one(self) -> int:
        return 1

    @computed("Two.", PUBLIC, sensitivity=Sensitivity.P0)
    def two(self) -> int:
        return 2


class _Again:
    @computed("Two again.", PUBLIC, sensitivity=Sensitivity.P0)
    def two(self) -> int:
        return 3


def test_root_has_the_fields_of_all_parts() -> None:
    """In the order of the nouns."""
    made = root("Query", "Where reading begins.", [_Lists])

    assert [field.python_name for field in made.__strawberry_definition__.fields] == ["one", "two"]


def test_field_of_two_nouns_is_refused() -> None:
    """The second would take the place of the first unseen."""
    with pytest.raises(TypeError, match="Query has two already"):
        root("Query", "Where reading begins.", [_Lists, _Again])
