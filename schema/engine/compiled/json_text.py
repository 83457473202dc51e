"""JSON text built by SQL: the same characters, once parsed, that the reference executor's serialisers give.

Raw control characters cannot occur in JSON text, so two of them mark what Python still has to look at: a doubt (the
reference must answer) and a hole (a value that Python fills in).
"""

from collections.abc import Iterable
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from graphql import GraphQLEnumType, GraphQLLeafType
from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Double,
    Integer,
    Text,
    TypeDecorator,
    case,
    cast,
    func,
    literal_column,
)
from sqlalchemy import Enum as EnumType
from sqlalchemy.sql.elements import ClauseList, Grouping
from sqlalchemy.sql.operators import concat_op

from schema.engine.compiled.reasons import NotCompiled, Reason

Piece = str | ColumnElement[Any]

HOLE, DOUBT = "\x01", "\x02"
LARGEST = "1.7976931348623157e308"


def fixed(text: str) -> ColumnElement[str]:
    """Text that stands in the statement itself."""
    return literal_column("'" + text.replace("'", "''") + "'")


NULL = fixed("null")
HOLE_SIGN: ColumnElement[str] = literal_column("chr(1)")
DOUBT_SIGN: ColumnElement[str] = literal_column("chr(2)")


def joined(pieces: Iterable[Piece]) -> ColumnElement[str]:
    """Pieces one after the other. Flat: nested concatenation would meet the recursion limit."""
    merged: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        else:
            merged.append(piece)
    clauses = [fixed(piece) if isinstance(piece, str) else piece for piece in merged]
    return clauses[0] if len(clauses) == 1 else Grouping(ClauseList(*clauses, operator=concat_op, group=False))


def of_object(members: Iterable[tuple[str, ColumnElement[str]]]) -> ColumnElement[str]:
    """An object; no member may be SQL NULL, or the whole would be."""
    pieces: list[Piece] = ["{"]
    for number, (key, text) in enumerate(members):
        pieces += [f'{"," if number else ""}"{key}":', text]
    return joined([*pieces, "}"])


def present(text: ColumnElement[Any], *, nullable: bool, certain: bool = False) -> ColumnElement[str]:
    """Text that is never SQL NULL: null where null may be, a doubt where it may not."""
    return text if certain else func.coalesce(text, NULL if nullable else DOUBT_SIGN)


def of_leaf(kind: GraphQLLeafType, value: ColumnElement[Any], coordinate: str) -> ColumnElement[Any]:
    """The text of a scalar or enum; SQL NULL where the value is."""
    if isinstance(kind, GraphQLEnumType):
        return _word(kind, value, coordinate)
    if kind.name in _AS_STRING:
        return escaped(value)
    form = _FORMS.get(kind.name)
    text: ColumnElement[Any] | None = form(value) if form else None
    if text is None:
        raise NotCompiled(Reason.UNKNOWN_KIND, f"{coordinate}: {kind.name}")
    return text


def of_key(column: Any) -> ColumnElement[Any]:
    """A sort key as orjson writes it into a cursor."""
    if isinstance(column.type, EnumType):
        return quoted(column)
    for python_type, form in _KEY_FORMS.items():
        if issubclass(python_type_of(column.type), python_type):
            return func.coalesce(form(column), NULL)
    raise NotCompiled(Reason.UNKNOWN_KIND, f"sort key {column.key}")


def python_type_of(kind: Any) -> type:
    """What a column's values are in Python; SQLModel's text is a decorated type, which does not say."""
    stored = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
    return stored.python_type


def escaped(value: ColumnElement[Any]) -> ColumnElement[str]:
    """Any text as a JSON string; SQL NULL where it is."""
    return cast(func.to_json(cast(value, Text)), Text)


def quoted(value: ColumnElement[Any]) -> ColumnElement[str]:
    """Between quotation marks; only for what cannot hold any itself."""
    return joined(['"', cast(value, Text), '"'])


def moment(value: ColumnElement[Any]) -> ColumnElement[str]:
    """As Python's isoformat() in UTC: six digits of a second or none."""
    utc = func.timezone("UTC", value)
    digits = case((func.date_trunc("second", value) == value, fixed("")), else_=func.to_char(utc, ".US"))
    return joined(['"', func.to_char(utc, 'YYYY-MM-DD"T"HH24:MI:SS'), digits, '+00:00"'])


def _word(kind: GraphQLEnumType, value: ColumnElement[Any], coordinate: str) -> ColumnElement[str]:
    """Words are stored as they are called; a CHECK of the table keeps others out."""
    words = {name: getattr(member.value, "value", member.value) for name, member in kind.values.items()}
    if not isinstance(value.type, EnumType) or any(name != word for name, word in words.items()):
        raise NotCompiled(Reason.UNKNOWN_KIND, f"{coordinate}: {kind.name}")
    return quoted(value)


def _int(value: ColumnElement[Any]) -> ColumnElement[Any] | None:
    """Only where the column keeps it within 32 bits, as GraphQL does."""
    fits = isinstance(value.type, Integer) and not isinstance(value.type, BigInteger)
    return cast(value, Text) if fits else None


def _float(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """NaN and the infinities are errors."""
    number = cast(value, Double)
    largest: ColumnElement[float] = literal_column(f"'{LARGEST}'::float8")
    return case((number.between(-largest, largest), cast(number, Text)), (number.is_not(None), DOUBT_SIGN))


def _boolean(value: ColumnElement[Any]) -> ColumnElement[Any] | None:
    return cast(value, Text) if isinstance(value.type, Boolean) else None


def _date(value: ColumnElement[Any]) -> ColumnElement[Any] | None:
    return func.to_json(value).cast(Text) if isinstance(value.type, Date) else None


def _moment(value: ColumnElement[Any]) -> ColumnElement[Any] | None:
    return moment(value) if isinstance(value.type, DateTime) and value.type.timezone else None


def _points(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return quoted(func.round(value, 2))


_AS_STRING = frozenset({"String", "ID", "Exact"})
_FORMS: dict[str, Any] = {
    "Int": _int, "Float": _float, "Boolean": _boolean, "Date": _date, "DateTime": _moment, "UUID": quoted,
    "Points": _points,
}  # fmt: skip
_KEY_FORMS: dict[type, Any] = {
    Enum: quoted,
    str: escaped,
    UUID: quoted,
    bool: lambda column: cast(column, Text),
    int: lambda column: cast(column, Text),
    datetime: moment,
    date: quoted,
}
