"""Methodologies: dated versions of how ratings are made, with their sections, levels and what they count."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import ColumnElement
from sqlmodel import col

from auth.permissions import Permission as P
from domain import records
from schema.engine.access.rule import Access
from schema.engine.mapping.declare import column, filters, many, mapped, one
from schema.engine.node import Node
from schema.engine.scalars import Exact
from schema.figures.indicators import ENGLISH, Indicator
from schema.figures.measurement import Colour, Status

RULE = Access(P.RATING_SEE, public=True)


@mapped(records.MethodologySection, "Whatever places are given in (раздел рейтинга): a group, the total.", RULE)
class MethodologySection(Node):
    """A section."""

    code: str = column("Stable code (код).")
    position: int = column("Its order (порядок).")
    name: str = column("Name in Russian (название).")
    english_name: str = column(ENGLISH)
    maximum: Exact | None = column("Points that can be had (максимум); null: none is known.")


@mapped(records.MethodologyLevel, "A level of effectiveness (уровень эффективности).", RULE)
class MethodologyLevel(Node):
    """A level."""

    code: str = column("Stable code (код).")
    position: int = column("Its order, lowest first (порядок).")
    name: str = column("Name in Russian (название).")
    english_name: str = column(ENGLISH)
    colour: Colour | None = column("Colour (цвет); null: it has none.")


@mapped(records.MethodologyInput, "An indicator as a methodology counts it (показатель методики).", RULE)
class MethodologyInput(Node):
    """An input."""

    position: int = column("Its order in the group (порядок).")
    group_code: str = column("Code of the group it counts in (группа).")
    name: str = column("What the methodology calls it, in Russian (название).")
    english_name: str = column(ENGLISH)
    weight: Exact = column("By how much its points are multiplied (вес).")
    maximum: Exact | None = column("Points that it can earn before its weight (максимум); null: not known.")
    indicator: Indicator | None = one("The indicator (показатель).", by=records.MethodologyInput.indicator_id)


@mapped(records.Methodology, "A version of a methodology (методика): every rating names the one it was made by.", RULE)
class Methodology(Node):
    """A methodology."""

    code: str = column("Stable code of all its versions (код).")
    version: str = column("Version (версия).")
    digest: str = column("SHA-256 of what it says (отпечаток).")
    status: Status = column("Whose numbers these are (статус).")
    name: str = column("Name in Russian (название).")
    english_name: str = column(ENGLISH)
    source: str = column("Where it comes from (источник).")
    valid_from: date = column("Since when (действует с).")
    text: str = column("The whole of it as TOML, as experts write it (текст методики).")
    sections: list[MethodologySection] | None = many(
        "Where places are given (разделы).",
        by=records.MethodologySection.methodology_id,
        order=("position", "id"),
        usually=10,
    )
    levels: list[MethodologyLevel] | None = many(
        "Levels, lowest first (уровни).",
        by=records.MethodologyLevel.methodology_id,
        order=("position", "id"),
        usually=5,
    )
    inputs: list[MethodologyInput] | None = many(
        "What it counts (показатели методики), by group.",
        by=records.MethodologyInput.methodology_id,
        order=("group_code", "position", "id"),
        usually=50,
    )


@filters(code=("code", "All versions of this one (код)."), status=("status", "Of this status (статус)."))
def listed_methodologies(
    row: type[records.Methodology], code: str | None = None, status: Status | None = None
) -> Iterator[ColumnElement[bool]]:
    """Filters of the list of methodologies."""
    if code is not None:
        yield col(row.code) == code
    if status is not None:
        yield col(row.status) == status
