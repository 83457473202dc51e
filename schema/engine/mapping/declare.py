"""The words of a type file: each says once what a field is, how it is stored and who may see it."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any, TypeVar, dataclass_transform

import strawberry
from sqlalchemy import ColumnElement
from strawberry.types import Info
from strawberry.types.field import StrawberryField

from domain.anchors import Anchor
from domain.records.base import Facet, Record
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC, WITH_ROW, Access, directive
from schema.engine.mapping.guarded import guarded
from schema.engine.mapping.storage import (
    Binding,
    Column,
    Computed,
    Derived,
    Expense,
    Lookup,
    Many,
    Mapping,
    One,
    Page,
    Storage,
    Where,
)

T = TypeVar("T")
LIST_MOST = 100
CHEAP = Expense()


def column(
    description: str,
    access: Access = WITH_ROW,
    *,
    of: str | None = None,
    mask: Callable[[Any], ColumnElement[Any]] | None = None,
    usually: int | None = None,
) -> Any:
    """A column of the record, of the same name unless `of` names another. Guarded columns must be nullable."""
    return _field(Column(of, mask), access, description, expense=Expense(usually=usually))


def derived(
    description: str,
    expression: Callable[[Any], ColumnElement[Any]],
    *reads: str,
    access: Access = WITH_ROW,
    sensitivity: Sensitivity | None = None,
) -> Any:
    """A value that SQL works out from the columns named in `reads`, as personal as the most personal of them."""
    return _field(Derived(expression, reads), access, description, sensitivity)


def one(description: str, *, by: Any) -> Any:
    """The object that a key column of this row refers to; null when there is none that the viewer may see."""
    return _field(One(by.key), WITH_ROW, description)


def many(
    description: str,
    access: Access = WITH_ROW,
    *,
    by: Any,
    match: tuple[str, ...] = ("id",),
    order: tuple[str, ...],
    most: int = LIST_MOST,
    where: Where | None = None,
    usually: int | None = None,
    cost: int | None = None,
) -> Any:
    """Rows that refer to this one. More than `most` is an error with a code, never a silent cut.

    `usually`, `cost`: see Expense.
    """
    columns = by if isinstance(by, tuple) else (by,)
    storage = Many(tuple(c.key for c in columns), match, order, most, where)
    return _field(storage, access, description, where=where, expense=Expense(cost, usually))


def page(
    description: str, access: Access = WITH_ROW, *, by: Any = None, order: tuple[str, ...], where: Where | None = None
) -> Any:
    """Rows that refer to this one, or all visible rows at a root, in keyset pages of at most 100."""
    return _field(Page(by.key if by is not None else None, order, where), access, description, where=where, paged=True)


def lookup(description: str, access: Access = PUBLIC) -> Any:
    """A root: the object with this id, null when there is none that the viewer may see."""
    return _field(Lookup(), access, description, where=_by_id)


def value(
    description: str,
    access: Access = PUBLIC,
    sensitivity: Sensitivity = Sensitivity.P0,
    *,
    usually: int | None = None,
    cost: int | None = None,
) -> Any:
    """A plain attribute of an object that we made ourselves, such as a page's end; `usually`: see Expense."""
    binding = Binding(Computed(), access, sensitivity, Expense(cost, usually))
    return strawberry.field(description=description, metadata={"binding": binding})


def computed(
    description: str,
    access: Access = WITH_ROW,
    *,
    sensitivity: Sensitivity,
    known: Computed | None = None,
    usually: int | None = None,
    cost: int | None = None,
    sized_by: tuple[str, ...] = (),
) -> Callable[[Callable[..., Any]], Any]:
    """A value that Python works out; it names its sensitivity itself.

    `known` tells the compiler what stands behind it: a document with a field that tells nothing is not compiled.
    `usually`, `cost`, `sized_by`: see Expense.
    """

    def declare(resolver: Callable[..., Any]) -> Any:
        binding = Binding(known or Computed(), access, sensitivity, Expense(cost, usually, sized_by))
        return strawberry.field(
            resolver=guarded(resolver, binding), description=description, metadata={"binding": binding}
        )

    return declare


def mapped(
    rows: type[Record] | Facet, description: str, rule: Access, *, key: tuple[str, ...] = ("id",)
) -> Callable[[type[T]], type[T]]:
    """Make a GraphQL type of a record or a facet of it; `rule` opens its rows and is the default of its fields."""

    def declare(cls: type[T]) -> type[T]:
        facet = rows if isinstance(rows, Facet) else rows.facet()
        mapping = Mapping(cls.__name__, cls, facet, rule, key, _sensitivity(facet))
        _adopt(cls, mapping)
        cls.__mapping__ = mapping  # type: ignore[attr-defined]
        return strawberry.type(cls, description=description)

    return declare


def mapping_of(cls: type) -> Mapping:
    """The mapping that `mapped` made of a class."""
    return cls.__mapping__  # type: ignore[attr-defined, no-any-return]


@dataclass_transform(kw_only_default=True, field_specifiers=(value,))
def structure(description: str) -> Callable[[type[T]], type[T]]:
    """Make a GraphQL type that is no record: a root, a page, an answer of ours. Its fields have rules all the same."""

    def declare(cls: type[T]) -> type[T]:
        _adopt(cls, None)
        return strawberry.type(cls, description=description)

    return declare


@dataclass_transform(kw_only_default=True, field_specifiers=(value,))
def interface(description: str) -> Callable[[type[T]], type[T]]:
    """As `structure`, for what several such types have in common."""

    def declare(cls: type[T]) -> type[T]:
        _adopt(cls, None)
        return strawberry.interface(cls, description=description)

    return declare


def _adopt(cls: type, mapping: Mapping | None) -> None:
    for name, field in list(vars(cls).items()):
        binding = field.metadata.get("binding") if isinstance(field, StrawberryField) else None
        if binding is None:
            continue
        binding.owner, binding.name, binding.mapping = cls.__name__, name, mapping
        if binding.sensitivity is None and mapping is not None:
            binding.sensitivity = _column_sensitivity(mapping, binding)
        if mapping is not None:
            mapping.bindings[name] = binding
        # Not `or`: P0 is 0, and a public field would be printed as the most personal one.
        sensitivity = _fallback(binding.storage) if binding.sensitivity is None else binding.sensitivity
        field.directives = [directive(binding.access, binding.row_rule, sensitivity)]


def _fallback(storage: Storage) -> Sensitivity:
    """Edges open nothing themselves: what stands behind them has rules of its own."""
    return Sensitivity.P3 if isinstance(storage, Column | Derived | Computed) else Sensitivity.P1


def _column_sensitivity(mapping: Mapping, binding: Binding) -> Sensitivity | None:
    """The most personal of the columns that a field reads. Those that do not exist are for the check to name."""
    record, storage = mapping.facet.record, binding.storage
    read = storage.reads if isinstance(storage, Derived) else ()
    read = (storage.of or binding.name,) if isinstance(storage, Column) else read
    return max((record.sensitivity_of(name) for name in read if name in record.model_fields), default=None)


def _sensitivity(facet: Facet) -> Sensitivity:
    """How personal it is that a row exists: as the most personal of its anchors' columns."""
    columns = [name for anchor in Anchor for name in facet.anchored(anchor)]
    return max((facet.record.sensitivity_of(name) for name in columns), default=Sensitivity.P0)


def _field(
    storage: Storage,
    access: Access,
    description: str,
    sensitivity: Sensitivity | None = None,
    *,
    where: Where | None = None,
    paged: bool = False,
    expense: Expense = CHEAP,
) -> Any:
    binding = Binding(storage, access, sensitivity, expense)

    async def resolve(root: Any, info: Info, **arguments: Any) -> Any:
        return await info.context.executor.resolve(binding, root, arguments)

    def read(root: Any, info: Info) -> Any:
        return info.context.executor.cell(binding, root)

    resolver = read if isinstance(storage, Column | Derived) else _with_arguments(resolve, where, paged=paged)
    return strawberry.field(resolver=resolver, description=description, metadata={"binding": binding})


def _with_arguments(resolver: Any, where: Where | None, *, paged: bool) -> Any:
    """Give a resolver the arguments of a `where`, whose signature is the GraphQL signature, and those of a page."""
    parameters = [inspect.Parameter("root", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Any)]
    parameters.append(inspect.Parameter("info", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Info))
    for given in _arguments(where) + (_PAGE_ARGUMENTS if paged else []):
        parameters.append(given.replace(kind=inspect.Parameter.KEYWORD_ONLY))
    resolver.__signature__ = inspect.Signature(parameters)
    resolver.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return resolver


def _arguments(where: Where | None) -> list[inspect.Parameter]:
    """Everything after the record; an argument left out stays out, it is not a null."""
    if where is None:
        return []
    given = list(inspect.signature(where).parameters.values())[1:]
    told: dict[str, tuple[str, str]] = getattr(where, "filters", {})
    return [_argument(parameter, told.get(parameter.name, ("", ""))[1]) for parameter in given]


def _argument(parameter: inspect.Parameter, description: str) -> inspect.Parameter:
    default = strawberry.UNSET if parameter.default is None else parameter.default
    return parameter.replace(default=default, annotation=_described(description, parameter.annotation))


def filters(**told: tuple[str, str]) -> Callable[[Where], Where]:
    """Say of each argument of a `where` which field of the rows it reads, and what it means to users."""

    def declare(where: Where) -> Where:
        where.filters = told  # type: ignore[attr-defined]
        return where

    return declare


@filters(id=("id", "Its id (идентификатор)."))
def _by_id(_: Any, id: strawberry.ID) -> Any:  # noqa: A002 - the argument's name in the contract
    """Signature of a look-up."""


def _described(text: str, kind: Any) -> Any:
    return Annotated[kind, strawberry.argument(description=text or None)]


def _page_arguments() -> list[inspect.Parameter]:
    def arguments(
        first: _described("How many, from the start (сколько с начала); at most 100.", int | None) = None,  # type: ignore[valid-type]
        after: _described("Cursor after which to go on (курсор, после которого).", str | None) = None,  # type: ignore[valid-type]
        last: _described("How many, from the end (сколько с конца); at most 100.", int | None) = None,  # type: ignore[valid-type]
        before: _described("Cursor before which to stop (курсор, до которого).", str | None) = None,  # type: ignore[valid-type]
    ) -> None:
        """Only its signature is used."""

    return [p.replace(default=strawberry.UNSET) for p in inspect.signature(arguments).parameters.values()]


_PAGE_ARGUMENTS = _page_arguments()
