"""Stored ratings given back their methods: entries from the store, inputs as far as the viewer may see them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col

from auth.permissions import Permission as P
from auth.visibility import within
from domain import records
from domain.catalogue.ids import level_id
from domain.observed import inputs_of_ratings
from domain.rating_store import parsed
from domain.scoring.columns import Column
from domain.scoring.entries import Entry
from domain.scoring.inputs import Inputs
from domain.scoring.methodology import Methodology
from domain.scoring.rating import Rating, restored
from domain.scoring.stored import of_two
from schema.figures.published import reach_of, seen_rating

if TYPE_CHECKING:
    from schema.engine.context import Context


class EntryKey(NamedTuple):
    """An entry: whose place, in which section of which rating."""

    rating_id: UUID
    section: str
    organisation_id: UUID


@dataclass(frozen=True)
class EntryView:
    """One section of a stored rating around one entry. Its inputs are those of `reached`, by the names of the rating.

    Whoever shares the entry's place is there too; everybody else's inputs are not, and nobody asks for them.
    """

    rating: Rating
    section: str
    name: str
    organisation_id: UUID
    reached: frozenset[str]
    entry_ids: dict[str, UUID]
    previous_id: UUID | None

    def sees(self, organisation: str, _: str) -> bool:
        """Whether the viewer may see the inputs of an organisation."""
        return organisation in self.reached


async def view_entry(context: "Context", key: EntryKey) -> EntryView | None:
    """An entry with what belongs to it, None when the rating has none. Many at once take as few statements as one."""
    loader = context.executor.loader("entry views", lambda keys: _views(context, keys))
    view: EntryView | None = await loader.load(key)
    return view


async def _views(context: "Context", keys: Sequence[EntryKey]) -> list[EntryView | None]:
    seen, reach = seen_rating(context)
    ratings = {row.id: row for row in await context.statements(_ratings(keys).where(seen), reach)}
    tables = _tables(row for row in await context.statements(_entries(keys), {}) if row.rating_id in ratings)
    wanted = sorted({row.organisation_id for key in keys for row in _around(tables, key)})
    reached = await reached_places(context, wanted)
    observed = inputs_of_ratings(list(ratings), [place for place in wanted if place in reached])
    inputs = await context.statements(observed, {})
    sections = {section: _section(ratings[section[0]], table, reached, inputs) for section, table in tables.items()}
    return [_view(sections.get(key[:2]), key) for key in keys]


def _ratings(keys: Iterable[EntryKey]) -> Select[Any]:
    rating, methodology = records.Rating, records.Methodology
    statement: Any = select(col(rating.id), col(rating.period), col(rating.previous_id), col(methodology.text))
    joined: Select[Any] = statement.join(methodology, col(methodology.id) == col(rating.methodology_id))
    return joined.where(col(rating.id).in_({key.rating_id for key in keys}))


def _entries(keys: Iterable[EntryKey]) -> Select[Any]:
    table: Any = records.RatingEntry.__table__  # type: ignore[attr-defined]
    sections = {(key.rating_id, key.section) for key in keys}
    found: Select[Any] = select(table).where(tuple_(table.c.rating_id, table.c.section).in_(sections))
    return found.order_by(table.c.position)


def _tables(rows: Iterable[Any]) -> dict[tuple[UUID, str], list[Any]]:
    tables: dict[tuple[UUID, str], list[Any]] = {}
    for row in rows:
        tables.setdefault((row.rating_id, row.section), []).append(row)
    return tables


def _around(tables: dict[tuple[UUID, str], list[Any]], key: EntryKey) -> list[Any]:
    """The entry, and those that share its place."""
    table = tables.get(key[:2], [])
    ranks = {row.rank for row in table if row.organisation_id == key.organisation_id}
    return [
        row
        for row in table
        if row.organisation_id == key.organisation_id or (row.rank is not None and row.rank in ranks)
    ]


async def reached_places(context: "Context", organisations: Sequence[UUID]) -> set[UUID]:
    """Which of them the viewer may see observations of."""
    viewer, place = context.viewer, aliased(records.Organisation)
    condition = within(records.Organisation.facet(), place, viewer.shape.grants(P.OBSERVATION_SEE))
    statement = select(col(place.id)).where(col(place.id).in_(organisations), condition)
    return {row.id for row in await context.statements(statement, reach_of(context, condition))}


class _Section(NamedTuple):
    """What all entries of a section share."""

    rating: Rating
    names: dict[UUID, str]
    reached: frozenset[str]
    entry_ids: dict[str, UUID]
    previous_id: UUID | None


def _section(rating: Any, table: list[Any], reached: set[UUID], inputs: Iterable[Any]) -> _Section:
    methodology = parsed(rating.text)
    names = {row.organisation_id: row.rated_name for row in table}
    mine = [row for row in inputs if row.rating_id == rating.id]
    entries = tuple(entry_of_row(methodology, row) for row in table)
    return _Section(
        rating=restored(methodology, _inputs(methodology, names, mine), rating.period, entries),
        names=names,
        reached=frozenset(names[place] for place in reached if place in names),
        entry_ids={row.rated_name: row.id for row in table},
        previous_id=rating.previous_id,
    )


def _view(found: _Section | None, key: EntryKey) -> EntryView | None:
    if found is None or key.organisation_id not in found.names:
        return None
    name = found.names[key.organisation_id]
    return EntryView(
        rating=found.rating,
        section=key.section,
        name=name,
        organisation_id=key.organisation_id,
        reached=found.reached,
        entry_ids=found.entry_ids,
        previous_id=found.previous_id,
    )


def entry_of_row(methodology: Methodology, row: Any) -> Entry:
    """The entry that a row keeps."""
    bands = methodology.section(row.section).bands or ()
    levels = {level_id(methodology.code, methodology.version, band.code): band for band in bands}
    return Entry(
        section=row.section,
        organisation=row.rated_name,
        points=of_two(row.points_numerator, row.points_denominator),
        maximum=of_two(row.maximum_numerator, row.maximum_denominator),
        level=levels.get(row.level_id),
        rank=row.rank,
        known=row.known,
        needed=row.needed,
    )


def _inputs(methodology: Methodology, names: dict[UUID, str], rows: Iterable[Any]) -> Inputs:
    """Columns of everybody in the table, with the values that were loaded."""
    organisations = tuple(sorted(names.values()))
    values: dict[str, dict[str, Fraction | None]] = {indicator.code: {} for indicator in methodology.indicators}
    for row in rows:
        if row.organisation_id in names:
            value = of_two(row.value_numerator, row.value_denominator)
            values[row.code][names[row.organisation_id]] = value
    columns = {code: Column.of(map(found.get, organisations)) for code, found in values.items()}
    return Inputs(organisations, columns, {})
