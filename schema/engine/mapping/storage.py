"""How a field is stored: data that both executors read. No SQL is run here."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select

from auth.permissions import Permission
from auth.viewer import Viewer
from domain.records.base import Facet
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import Access

Conditions = Iterable[ColumnElement[bool]]
Where = Callable[..., Conditions]


@dataclass(frozen=True)
class Column:
    """A column of the record; `of` names it where the field is called otherwise. `mask` shows what is left of it."""

    of: str | None = None
    mask: Callable[[Any], ColumnElement[Any]] | None = None


@dataclass(frozen=True)
class Derived:
    """A value worked out by SQL from columns of the same row. `reads` names them: they decide how personal it is."""

    expression: Callable[[Any], ColumnElement[Any]]
    reads: tuple[str, ...]


@dataclass(frozen=True)
class One:
    """The object that a column of this row refers to."""

    by: str


@dataclass(frozen=True)
class Many:
    """Rows that refer to this one: a plain list with a declared maximum, in a declared order."""

    by: tuple[str, ...]
    match: tuple[str, ...]
    order: tuple[str, ...]
    most: int
    where: Where | None = None


@dataclass(frozen=True)
class Page:
    """Rows that refer to this one, or at a root all visible ones: a connection with keyset pages."""

    by: str | None
    order: tuple[str, ...]
    where: Where | None = None


@dataclass(frozen=True)
class Lookup:
    """A root: one object by its id."""


@dataclass(frozen=True)
class Computed:
    """A value that Python works out. The compiler knows only what a subclass tells of it."""


@dataclass(frozen=True)
class Identity(Computed):
    """The global id of the row."""


@dataclass(frozen=True)
class Section(Computed):
    """An object of ours that has no row: its fields begin anew, as at a root."""


@dataclass(frozen=True)
class ById(Computed):
    """A root: the object of whatever type whose global id is given, or as `many` the objects with these ids."""

    most: int | None = None


@dataclass(frozen=True)
class Keyed(Computed):
    """Objects whose keys are known of the viewer, in the order of `keys`; those out of sight are left out."""

    keys: Callable[[Viewer], Sequence[UUID]]
    many: bool = True


@dataclass(frozen=True)
class Facts:
    """What stands in other tables and decides a value: of each `key` of `rows()` what `read` makes of its row.

    Facts are the same at every moment: what the clock decides is decided when the value is worked out.
    """

    rows: Callable[[], Select[Any]]
    read: Callable[[Any], Any]


@dataclass(frozen=True)
class Worked(Computed):
    """A value that `work(context, row, *behind, *facts)` makes without I/O.

    `reads` names the columns of the row that it looks at; `behind` names fields of rows that keys lead to, such as
    `organisation.name`: None where the viewer may not see that row. At a root there is no row to read. `facts` are
    those whose key is in the column `by`. With other arguments than `when` says, the reference executor works.
    """

    work: Callable[..., Any]
    reads: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    facts: Facts | None = None
    by: str = "id"
    when: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Settled(Computed):
    """The object of a public type whose key is in the column `by`; `rows()` has one for every key, be it by default."""

    by: str
    rows: Callable[[], Select[Any]]


@dataclass(frozen=True)
class Called(Computed):
    """Objects whose keys a function of the database gives, in its order; those out of sight are left out.

    It is called with columns of the row (`of`), then with what `given(viewer, **arguments)` makes of the arguments, of
    these `types`. One object, or with `most` a list of at most so many.
    """

    function: Callable[..., ColumnElement[Any]]
    given: Callable[..., tuple[Any, ...]]
    types: tuple[Any, ...]
    of: tuple[str, ...] = ()
    most: int | None = None


Storage = Column | Derived | One | Many | Page | Lookup | Computed


@dataclass(frozen=True, eq=False)
class Mapping:
    """A GraphQL type as rows of a record: the facet under which they are shown, and the rule of the rows."""

    name: str
    type: type
    facet: Facet
    rule: Access
    key: tuple[str, ...]
    sensitivity: Sensitivity
    bindings: dict[str, "Binding"] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Expense:
    """What a field costs besides one point for every object behind it, as its declaration says.

    `cost`: points for resolving it once. `usually`: how many objects its list has: the expectation, not the maximum.
    `sized_by`: arguments whose length says how many.
    """

    cost: int | None = None
    usually: int | None = None
    sized_by: tuple[str, ...] = ()


@dataclass(eq=False)
class Binding:
    """A field with all that is known of it. Owner, name and target are known once its type, and the schema, exist."""

    storage: Storage
    access: Access
    sensitivity: Sensitivity | None = None
    expense: Expense = Expense()
    owner: str = ""
    name: str = ""
    mapping: Mapping | None = field(default=None, repr=False)
    target: Mapping | None = field(default=None, repr=False)

    @property
    def coordinate(self) -> str:
        """Type and field as the schema writes them: `Mark.value`."""
        return f"{self.owner}.{self.graphql_name}"

    @property
    def graphql_name(self) -> str:
        """The field's name as clients write it."""
        first, *rest = self.name.split("_")
        return first + "".join(word.title() for word in rest)

    @property
    def permission(self) -> Permission | None:
        """What opens the field besides the row: its own permission, or that of the guarded rows it leads to."""
        if self.access.read is not None or self.target is None or self.target.rule.public:
            return self.access.read
        return self.target.rule.read if isinstance(self.storage, One | Many | Page | Lookup) else None

    @property
    def row_rule(self) -> Access | None:
        """The rule of the rows of the type that the field stands on."""
        return self.mapping.rule if self.mapping else None
