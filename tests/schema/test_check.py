"""The check of the built schema refuses what has no rule or a rule that cannot hold, and names all of it at once."""

from collections.abc import Iterator
from typing import Any

import pytest
import strawberry
from sqlalchemy import ColumnElement

from auth.permissions import Permission as P
from domain import records
from schema import build_schema
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.mapping.check import UnsafeSchemaError, check, link
from schema.engine.mapping.declare import column, computed, derived, filters, many, mapped, one, page, structure
from schema.engine.mapping.pages import Connection
from schema.engine.mapping.storage import Where
from schema.engine.node import Node
from schema.engine.scalars import SCALARS

LESSONS, MARKS = Access(P.LESSON_SEE), Access(P.MARK_SEE)
A_NOTE = Access(P.ATTENDANCE_NOTE_READ)


def refused(*types: type) -> list[str]:
    """What the check says of a schema whose root has a field for each of these types."""

    def root_field(kind: Any) -> Any:
        def resolve() -> None: ...

        resolve.__annotations__["return"] = kind | None
        return computed("A root (корень).", PUBLIC, sensitivity=records.Subject.sensitivity_of("id"))(resolve)

    roots = {f"root{number}": root_field(kind) for number, kind in enumerate(types)}
    query: type = structure("Roots (корни).")(type("Query", (), roots))
    schema = strawberry.Schema(query=query, config=strawberry.schema.config.StrawberryConfig(scalar_map=SCALARS))
    link(schema._schema)
    try:
        check(schema._schema)
    except UnsafeSchemaError as error:
        return str(error).split("\n")
    return []


@mapped(records.Lesson, "A lesson (урок).", LESSONS)
class Lesson(Node):
    topic: str | None = column("Topic (тема).")
    homework: str | None = column("Homework (домашнее задание).", Access(P.HOMEWORK_READ))


def test_the_schema_itself_is_accepted() -> None:
    """build_schema() runs the check."""
    assert build_schema().types["Journal"].rule.read is P.JOURNAL_SEE


def test_a_good_type_is_accepted() -> None:
    """What follows is refused for its one mistake and for nothing else."""
    assert refused(Lesson) == []


def test_field_without_a_rule_is_refused() -> None:
    """A field that none of our words declared has no rule."""

    @mapped(records.Lesson, "A lesson (урок).", LESSONS)
    class Bad(Node):
        topic: str | None = strawberry.field(description="Topic (тема).", resolver=lambda: None)

    @structure("An answer (ответ).")
    class Loose:
        number: int = strawberry.field(description="A number (число).")

    assert refused(Bad, Loose) == ["Bad.topic: no rule of access", "Loose.number: no rule of access"]


def test_guarded_field_that_must_not_be_null_is_refused() -> None:
    """A refusal is null; a non-null field would blank the whole object instead."""

    @mapped(records.Lesson, "A lesson (урок).", LESSONS)
    class Bad(Node):
        number: int = column("Number (номер).", Access(P.HOMEWORK_READ))

    assert refused(Bad) == ["Bad.number: may be missing and is non-null"]


def test_unknown_column_is_refused() -> None:
    """A column that the record does not have, under its own or another name, also inside a derived value."""

    @mapped(records.Lesson, "A lesson (урок).", LESSONS)
    class Bad(Node):
        theme: str | None = column("Topic (тема).")
        homework: str | None = column("Homework (задание).", of="home_work")
        both: str | None = derived("Both (оба).", lambda row: row.topic, "topic", "theme")

    assert refused(Bad) == [
        "Bad.theme: no column theme",
        "Bad.homework: no column home_work",
        "Bad.both: no column theme",
    ]


def test_non_null_field_on_a_nullable_column_is_refused() -> None:
    """One row without a topic would blank the page."""

    @mapped(records.Lesson, "A lesson (урок).", LESSONS)
    class Bad(Node):
        topic: str = column("Topic (тема).")

    assert refused(Bad) == ["Bad.topic: non-null, but column topic may be null"]


def test_guarded_type_tied_to_nothing_is_refused() -> None:
    """Nobody's assignment could ever reach its rows."""

    @mapped(records.Subject, "A subject (предмет).", Access(P.SUBJECT_SEE))
    class Bad(Node):
        name: str = column("Name (название).")

    assert refused(Bad) == [
        "Bad: guarded, but tied to nothing",
        "Bad: the wall guards it by [], the schema by subject:see",
    ]


def test_wall_that_guards_otherwise_is_refused() -> None:
    """Row-level security and the schema open the same rows by the same permission."""

    @mapped(records.Lesson, "A lesson (урок).", MARKS)
    class Bad(Node):
        topic: str | None = column("Topic (тема).")

    assert refused(Bad) == [f"Bad: the wall guards it by {[P.LESSON_SEE]}, the schema by mark:see"]


def test_type_without_a_permission_is_refused() -> None:
    """Rows with no rule of their own, and rows that no role may see."""

    @mapped(records.Lesson, "A lesson (урок).", Access())
    class Bad(Node):
        topic: str | None = column("Topic (тема).")

    assert "Bad: no base permission" in refused(Bad)


def test_masked_field_without_a_mask_is_refused() -> None:
    """Without a mask the value itself would be shown to those who may see what is left of it."""

    @mapped(records.Lesson, "A lesson (урок).", LESSONS)
    class Bad(Node):
        topic: str | None = column("Topic (тема).", Access(P.HOMEWORK_READ, masked=P.LESSON_SEE))

    assert refused(Bad) == ["Bad.topic: masked, but no mask"]


def test_non_null_edge_is_refused() -> None:
    """What an edge leads to may be out of reach."""

    @mapped(records.Mark, "A mark (отметка).", MARKS, key=("school_year", "id"))
    class Bad(Node):
        lesson: Lesson = one("In which lesson (урок).", by=records.Mark.lesson_id)

    assert refused(Bad) == ["Bad.lesson: may be missing and is non-null"]


def test_edge_that_is_ordered_by_nothing_is_refused() -> None:
    """Order and link are columns of the rows that an edge leads to."""

    @mapped(records.Journal, "A page (страница).", Access(P.JOURNAL_SEE))
    class Bad(Node):
        lessons: list[Lesson] | None = many("Lessons (уроки).", by=records.Lesson.journal_id, order=("day", "id"))

    assert refused(Bad) == ["Bad.lessons: no column day in Lesson"]


def with_filter(where: Where) -> type:
    """A page with a list that is filtered so."""

    @mapped(records.Journal, "A page (страница).", Access(P.JOURNAL_SEE))
    class Bad(Node):
        lessons: list[Lesson] | None = many(
            "Lessons (уроки).", by=records.Lesson.journal_id, order=("held_on", "id"), where=where
        )

    return Bad


def test_filter_tied_to_no_field_is_refused() -> None:
    """Nobody could say who may use it."""

    @filters(number=("ordinal", "Number (номер)."))
    def where(row: type[records.Lesson], number: int | None = None) -> Iterator[ColumnElement[bool]]:
        yield row.number == number  # type: ignore[misc]

    assert refused(with_filter(where)) == ["Bad.lessons: filter number is tied to no field"]


def test_filter_on_a_guarded_field_is_refused() -> None:
    """Whoever may not read a value could find it out by asking for rows that have it."""

    @filters(homework=("homework", "Homework (задание)."))
    def where(row: type[records.Lesson], homework: str | None = None) -> Iterator[ColumnElement[bool]]:
        yield row.homework == homework  # type: ignore[misc]

    assert refused(with_filter(where)) == ["Bad.lessons: filter homework reads the guarded field Lesson.homework"]


def test_filter_of_a_root_page_is_looked_at_too() -> None:
    """Pages at the root have no row of their own, and the same duty."""

    @filters(homework=("homework", "Homework (задание)."))
    def where(row: type[records.Lesson], homework: str | None = None) -> Iterator[ColumnElement[bool]]:
        yield row.homework == homework  # type: ignore[misc]

    @structure("More roots (ещё корни).")
    class Bad:
        lessons: Connection[Lesson] | None = page("Lessons (уроки).", PUBLIC, order=("held_on", "id"), where=where)

    assert refused(Bad) == ["Bad.lessons: filter homework reads the guarded field Lesson.homework"]


def test_argument_without_description_is_refused() -> None:
    """Also arguments are part of the contract."""

    @filters(topic=("topic", ""))
    def where(row: type[records.Lesson], topic: str | None = None) -> Iterator[ColumnElement[bool]]:
        yield row.topic == topic  # type: ignore[misc]

    assert refused(with_filter(where)) == ["Bad.lessons: argument topic: no description"]


def test_type_and_field_without_description_are_refused() -> None:
    """What nobody explains nobody can check."""

    @mapped(records.Lesson, "", LESSONS)
    class Bad(Node):
        topic: str | None = column("")

    assert refused(Bad) == ["Bad: no description", "Bad.topic: no description"]


def test_everything_wrong_is_named_at_once() -> None:
    """One start tells all coordinates, not the first of them."""

    @mapped(records.Mark, "A mark (отметка).", LESSONS, key=("school_year", "id"))
    class Worst(Node):
        remark: str = column("Remark (примечание).")
        lesson: Lesson = one("In which lesson (урок).", by=records.Mark.lesson_id)
        note: str = column("Note (справка).", A_NOTE, of="remark")
        loose: int | None = strawberry.field(description="Loose (ничей).", resolver=lambda: None)

    @mapped(records.Subject, "A subject (предмет).", Access(P.SUBJECT_SEE))
    class Loose(Node):
        name: str | None = column("Name (название).", of="title")

    assert refused(Worst, Loose) == [
        "Loose: guarded, but tied to nothing",
        "Loose: the wall guards it by [], the schema by subject:see",
        "Loose.name: no column title",
        f"Worst: the wall guards it by {[P.MARK_SEE]}, the schema by lesson:see",
        "Worst.remark: non-null, but column remark may be null",
        "Worst.lesson: may be missing and is non-null",
        "Worst.note: may be missing and is non-null",
        "Worst.note: non-null, but column remark may be null",
        "Worst.loose: no rule of access",
    ]


def test_enum_word_without_explanation_is_refused() -> None:
    """An enum of the domain is explained word by word."""
    from enum import Enum

    from schema.engine.enums import explained

    class Season(Enum):
        WINTER = "WINTER"
        SUMMER = "SUMMER"

    with pytest.raises(TypeError, match=r"Season: explain \['SPRING', 'SUMMER'\]"):
        explained(Season, "Seasons (времена года).", WINTER="Cold (зима).", SPRING="None of ours (весна).")
