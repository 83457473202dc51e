"""The catalogue in the database: the files of the house become rows, again and again the same ones."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from api.catalogue.indicators import indicator_rows
from api.catalogue.methodologies import ShippedMethodology, methodology_rows, shipped_methodologies
from domain.catalogue.catalogue import load_catalogue
from domain.records import (
    CatalogueRemark,
    CatalogueSource,
    Indicator,
    IndicatorBaseline,
    IndicatorTarget,
    Methodology,
    MethodologyInput,
    MethodologyLevel,
    MethodologySection,
    Procedure,
    ProcedureGroup,
    ProcedureIndicator,
    Rating,
    Record,
)

ORDER: tuple[type[Record], ...] = (
    CatalogueSource, Indicator, IndicatorTarget, IndicatorBaseline, CatalogueRemark, ProcedureGroup, Procedure,
    ProcedureIndicator, Methodology, MethodologySection, MethodologyLevel, MethodologyInput,
)  # fmt: skip
OF_THE_FILES: tuple[type[Record], ...] = (IndicatorTarget, IndicatorBaseline, CatalogueRemark, ProcedureIndicator)
"""Nothing refers to these rows: what the files no longer say goes."""
OF_METHODOLOGIES: tuple[type[Any], ...] = (MethodologySection, MethodologyLevel, MethodologyInput)


class MethodologyChangedError(RuntimeError):
    """A methodology that ratings were made by says something else now, under the same version."""


def fill_catalogue(connection: Connection) -> dict[str, int]:
    """Write the catalogue of this code into a migrated database; gives the number of rows by table.

    What is there already is brought up to date. Raises MethodologyChangedError: a stored rating names the version
    that it was made by, so a version that was used is never changed, it gets a successor.
    """
    shipped = shipped_methodologies()
    _refuse_changed(connection, shipped)
    catalogue = load_catalogue()
    rows = [*indicator_rows(catalogue), *methodology_rows(shipped, catalogue)]
    by_table: dict[type[Record], list[Record]] = defaultdict(list)
    for row in rows:
        by_table[type(row)].append(row)
    for record in ORDER:
        _upsert(connection, record, by_table[record])
    for record in OF_THE_FILES:
        _keep_only(connection, record, by_table[record])
    for record in OF_METHODOLOGIES:
        mine = col(record.methodology_id).in_([row.id for row in by_table[Methodology]])  # type: ignore[attr-defined]
        _keep_only(connection, record, by_table[record], mine)
    return {str(record.__tablename__): len(by_table[record]) for record in ORDER}


def _refuse_changed(connection: Connection, shipped: Sequence[ShippedMethodology]) -> None:
    used = select(Methodology).where(col(Methodology.id).in_(select(col(Rating.methodology_id))))
    stored = {(row.code, row.version): row.digest for row in connection.execute(used)}
    for each in shipped:
        made_by = stored.get((each.methodology.code, each.methodology.version))
        if made_by not in (None, each.methodology.digest):
            raise MethodologyChangedError(
                f"{each.methodology.code} {each.methodology.version} says something else than the version by which"
                " ratings were made: give it a new version"
            )


def _upsert(connection: Connection, record: type[Record], rows: Iterable[Record]) -> None:
    values = [row.model_dump() for row in rows]
    if not values:
        return
    table: Any = record.__table__  # type: ignore[attr-defined]
    given = insert(table).values(values)
    changed = {name: given.excluded[name] for name in values[0] if name != "id"}
    connection.execute(given.on_conflict_do_update(index_elements=["id"], set_=changed))


def _keep_only(connection: Connection, record: type[Any], rows: Iterable[Any], *among: Any) -> None:
    connection.execute(delete(record).where(col(record.id).not_in([row.id for row in rows]), *among))
