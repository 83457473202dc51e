"""Record: a table whose columns say how personal they are and what they tie the row to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, TypeVar, get_args
from uuid import UUID

from pydantic.fields import FieldInfo
from sqlalchemy import Column, DateTime, Enum, Uuid, text
from sqlmodel import Field, SQLModel

from domain import clock
from domain.anchors import Anchor
from domain.sensitivity import Sensitivity

T = TypeVar("T")

Public = Annotated[T, Sensitivity.P0]
Internal = Annotated[T, Sensitivity.P1]
Personal = Annotated[T, Sensitivity.P2]
Special = Annotated[T, Sensitivity.P3]

PersonId = Annotated[UUID, Anchor.PERSON, Sensitivity.P2]
OrganisationId = Annotated[UUID, Anchor.ORGANISATION, Sensitivity.P0]
ClassGroupId = Annotated[UUID, Anchor.CLASS_GROUP, Sensitivity.P1]
SubjectGroupId = Annotated[UUID, Anchor.SUBJECT_GROUP, Sensitivity.P1]


@dataclass(frozen=True)
class Via:
    """A path to anchors that a row has no column for: `row.column` = `link.link_column`, while the link is live.

    `lends` names the anchors that are taken over from the link (from its columns, or along its own paths), and
    nothing else is: a path that lent everything would silently widen who sees the row when the link changes.
    """

    column: str
    link: "type[Record]"
    link_column: str
    lends: tuple[Anchor, ...]


@dataclass(frozen=True)
class Publication:
    """What makes a row of a public record public: `flag`, a column of the row itself or of the row that it belongs to.

    `column` refers to the latter, a row of `of`, by its id.
    """

    flag: str
    column: str = ""
    of: "type[Record] | None" = None


@dataclass(frozen=True)
class Facet:
    """One way to look at the rows of a record: as a student, as a member of staff, as a guardian.

    The same person is a teacher to one viewer and a parent to another, and each sees a different card of them. A
    facet therefore has paths of its own, and only people that stand at the end of such a path have this facet.
    """

    name: str
    record: "type[Record]"
    via: tuple[Via, ...] = ()
    columns: Mapping[Anchor, tuple[str, ...]] = field(default_factory=dict, hash=False)
    by_path_only: bool = False
    """Rows have this facet only at the end of a path: being somebody does not make them a member of staff."""
    publication: Publication | None = None
    """Of a public record: what its rows must have to be public; None: they always are."""

    def reached_by(self, anchor: Anchor) -> tuple[str, ...]:
        """Columns of the row by which a reach of this kind finds it."""
        return () if self.by_path_only else self.anchored(anchor)

    def anchored(self, anchor: Anchor) -> tuple[str, ...]:
        """Columns of the row that carry this anchor; empty when only a path (or nothing) does."""
        return self.columns.get(anchor, ())

    def paths(self, anchor: Anchor) -> tuple[Via, ...]:
        """Declared paths that lend this anchor."""
        return tuple(via for via in self.via if anchor in via.lends)


class Record(SQLModel):
    """Base of all tables. `via` lists the paths to anchors that the row has no column for."""

    via: ClassVar[tuple[Via, ...]] = ()
    publication: ClassVar[Publication | None] = None

    @classmethod
    def facet(cls, name: str | None = None, *via: Via, by_path_only: bool = False) -> Facet:
        """This record as a facet: its own anchors and paths, or the paths given."""
        return Facet(name or cls.__name__, cls, via or cls.via, _anchor_columns(cls), by_path_only, cls.publication)

    @classmethod
    def sensitivity_of(cls, column: str) -> Sensitivity:
        """How personal a column is. A forgotten mark is the highest class."""
        marks = _marks(cls.model_fields[column])
        return next((mark for mark in marks if isinstance(mark, Sensitivity)), Sensitivity.P3)


def _marks(info: FieldInfo) -> list[Any]:
    """What `Annotated` says of a column, also where it stands inside `... | None`."""
    inner = [mark for part in get_args(info.annotation) for mark in getattr(part, "__metadata__", ())]
    return [*info.metadata, *inner]


def _anchor_columns(record: type[Record]) -> dict[Anchor, tuple[str, ...]]:
    found: dict[Anchor, tuple[str, ...]] = {}
    for name, info in record.model_fields.items():
        for mark in _marks(info):
            if isinstance(mark, Anchor):
                found[mark] = (*found.get(mark, ()), name)
    return found


def key() -> Any:
    """A primary key: time-ordered UUID made by the database."""
    return Field(default=None, sa_type=Uuid, primary_key=True, sa_column_kwargs={"server_default": text("uuidv7()")})


def moment(*, default_now: bool = False) -> Any:
    """A point in time with its zone; stored in UTC."""
    if default_now:
        return Field(
            default_factory=clock.now,
            sa_column=Column(DateTime(timezone=True), nullable=False, server_default=text("vhod.now()")),
        )
    return Field(default=None, sa_column=Column(DateTime(timezone=True), nullable=True))


class Dated(Record):
    """A row that holds from a day to (excluding) a day, in the time zone of its organisation.

    `live_from` and `live_until` are those days as moments, kept by a trigger: whether the row holds now is two
    comparisons, whatever the time zone. `live_from` is null while a row waits for something, such as a second person.
    """

    valid_from: Internal[date]
    valid_to: Internal[date | None] = None
    live_from: Internal[datetime | None] = Field(default=None, sa_type=DateTime(timezone=True))
    live_until: Internal[datetime | None] = Field(default=None, sa_type=DateTime(timezone=True))


def reference(target: str, *, index: bool = True, nullable: bool = False) -> Any:
    """A foreign key to `table.column`. Rows that are referred to are ended, never deleted: RESTRICT."""
    default: dict[str, Any] = {"default": None} if nullable else {}
    return Field(foreign_key=target, index=index, nullable=nullable, ondelete="RESTRICT", **default)


def choice(
    kind: type[StrEnum], *, nullable: bool = False, default: StrEnum | None = None, check: str | None = None
) -> Any:
    """One word of a closed list, kept as text with a CHECK: a new word is one migration, not a new type.

    `check` names the constraint where a table has two columns of the same list.
    """
    words = _words(kind, check or f"{kind.__name__.lower()}_word", checked=True)
    if nullable:
        return Field(default=None, sa_column=Column(words, nullable=True))
    server_default = None if default is None else default.value
    given: dict[str, Any] = {} if default is None else {"default": default}
    return Field(sa_column=Column(words, nullable=False, server_default=server_default), **given)


def word(kind: type[StrEnum], *, default: StrEnum | None = None) -> Any:
    """As `choice`, for a column that several tables inherit; without a CHECK. Nullable unless there is a default."""
    nullable = default is None
    arguments = {} if default is None else {"server_default": default.value}
    return Field(default=default, sa_type=_words(kind, None), nullable=nullable, sa_column_kwargs=arguments)


def _words(kind: type[StrEnum], name: str | None, *, checked: bool = False) -> Any:
    return Enum(
        kind,
        native_enum=False,
        create_constraint=checked,
        length=40,
        name=name,
        values_callable=lambda members: [member.value for member in members],
    )
