"""The catalogue in the database: the same rows again and again, and no version changed behind a rating's back."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, NullPool, create_engine, text

import api.catalogue
from api.catalogue import MethodologyChangedError, fill_catalogue
from api.catalogue.methodologies import shipped_methodologies

USED = """
    insert into rating (methodology_id, methodology_code, methodology_digest, period, rated_kind, version,
                        inputs_digest, digest, canonical, known_at)
    select id, code, digest, '2022', 'REGION', 1, '', '', '', vhod.now()
      from methodology where code = 'chelyabinsk-quality'
"""


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    """A transaction that is undone."""
    with create_engine(database_url, poolclass=NullPool).connect() as opened, opened.begin() as transaction:
        yield opened
        transaction.rollback()


def contents(connection: Connection) -> dict[str, list[Any]]:
    """All rows of the catalogue's tables."""
    tables = [str(record.__tablename__) for record in api.catalogue.ORDER]
    return {table: list(connection.execute(text(f"select * from {table} order by id"))) for table in tables}


def test_migrated_database_has_the_whole_catalogue(connection: Connection) -> None:
    """Every deployment has it: indicators, the 18 procedures, four methodologies with their text."""
    found = contents(connection)

    assert len(found["procedure"]) == 18
    assert {row.code for row in found["methodology"]} == {
        "chelyabinsk-quality", "motivating-monitoring", "school-public-pages", "synthetic-by-procedure",
    }  # fmt: skip
    assert all(len(rows) > 0 for rows in found.values())


def test_filling_again_changes_nothing(connection: Connection) -> None:
    """Ids are made from codes, so the second time finds every row."""
    before = contents(connection)
    fill_catalogue(connection)

    assert contents(connection) == before


def test_row_that_the_files_no_longer_have_goes(connection: Connection) -> None:
    """What nothing refers to is what the files say."""
    connection.execute(text("update catalogue_remark set id = gen_random_uuid(), message = 'старое'"))
    fill_catalogue(connection)

    assert connection.scalar(text("select count(*) from catalogue_remark where message = 'старое'")) == 0


def altered() -> list[Any]:
    """The shipped methodologies, with another maximum in one of them under the same version."""
    shipped = shipped_methodologies()
    return [
        each._replace(
            methodology=dataclasses.replace(
                each.methodology, total=dataclasses.replace(each.methodology.total, maximum=None, bands=None)
            )
        )
        if each.methodology.code == "chelyabinsk-quality"
        else each
        for each in shipped
    ]


def test_methodology_that_a_rating_used_is_never_changed(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unused it may still be corrected; once used, it gets a successor."""
    monkeypatch.setattr(api.catalogue, "shipped_methodologies", altered)
    fill_catalogue(connection)
    connection.execute(text(USED))
    monkeypatch.undo()

    with pytest.raises(MethodologyChangedError, match="chelyabinsk-quality 2022"):
        fill_catalogue(connection)


def test_invented_indicator_says_so_in_its_name(connection: Connection) -> None:
    """What only the invented methodology counts never passes for a published measure."""
    names = connection.scalars(text("select name from indicator where code like 'procedure!_%' escape '!'")).all()

    assert len(names) == 18
    assert all(name.endswith("(вымышлено)") for name in names)
