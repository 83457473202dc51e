"""TableRow: a row of a table or sub-select as the rules of visibility and the type files see it."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause


class TableRow:
    """Columns as attributes. An alias of the record class would do, but asks the ORM for each, ten times as long."""

    def __init__(self, table: FromClause) -> None:
        self.__table__ = table  # no column has such a name

    def __getattr__(self, name: str) -> ColumnElement[Any]:
        try:
            return self.__table__.c[name]
        except KeyError:
            raise AttributeError(name) from None
