"""Python and the database fold alike: whoever is looked for by the one is found by the other."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import NullPool, create_engine, text

from domain.person_names import contradicting
from domain.text import APOSTROPHES, CYRILLIC, HYPHENS, LATIN, folded

INTERESTING = (
    LATIN + LATIN.upper() + CYRILLIC + CYRILLIC.upper() + HYPHENS + APOSTROPHES
    + "\u0306\u0308\u030c\u00ad\u200b\u200d\u202e\ufeff\u00a0\u2009\u202f\t\n\u0085\u2028 йЙёЁĞİıßŠſ'-.1"
)  # fmt: skip
# Letters that are newer than Python's own tables, and what no text of the database can hold.
ANY = st.characters(max_codepoint=0x2FFF, exclude_categories=["Cs", "Cn", "Co"], exclude_characters="\0")


@pytest.fixture(scope="module")
def engine(database_url: str) -> Any:
    made = create_engine(database_url, poolclass=NullPool)
    with made.connect() as connection:
        yield connection


def both(connection: Any, texts: list[str]) -> tuple[list[str], list[str]]:
    query = "select fold_text(one) from unnest(cast(:texts as text[])) with ordinality as t (one, n) order by n"
    rows = connection.execute(text(query), {"texts": texts})
    return [row[0] for row in rows], [folded(one) for one in texts]


@given(st.lists(st.text(st.sampled_from(INTERESTING) | ANY, max_size=20), min_size=20, max_size=60))
def test_texts_are_folded_alike(engine: Any, texts: list[str]) -> None:
    """Whatever the text: composition, invisible characters, look-alike letters, spaces, case."""
    theirs, ours = both(engine, texts)

    assert theirs == ours


@given(
    st.lists(
        st.sampled_from(["", "Ильинична", "ильинична", "И.", "П.", "Семёновна", "Семеновна", None]),
        min_size=2,
        max_size=2,
    )
)
def test_patronymics_are_compared_alike(engine: Any, pair: list[str | None]) -> None:
    """A missing one and an initial as in Python."""
    query = text("select vhod.contradicting(cast(:given as text), cast(:known as text))")

    assert engine.execute(query, {"given": pair[0], "known": pair[1]}).scalar() is contradicting(*pair)


def test_stored_folds_are_those_of_the_function(engine: Any) -> None:
    """The columns by which people and organisations are sorted and found are folded anew by the migration."""
    defined = engine.execute(
        text("select count(*) from information_schema.columns where column_name = 'fold' and is_generated = 'ALWAYS'")
    ).scalar()

    assert defined == 2
