"""The reference executor: plain DataLoaders over row plans. It is the oracle: cleverness goes elsewhere."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import ColumnElement, Select, func, select, true, tuple_
from strawberry.dataloader import DataLoader

from auth.viewer import Viewer
from domain.errors import BadUserInput, LimitExceeded
from domain.sensitivity import Sensitivity
from schema.engine.access.denials import Denials
from schema.engine.access.masked import masked_string
from schema.engine.access.readings import Readings
from schema.engine.access.rule import WITH_ROW
from schema.engine.mapping.pages import Connection, Window, connection, nothing
from schema.engine.mapping.plan import DENIED, FULL, RowPlan, row_permission, row_plan
from schema.engine.mapping.rows import Row, as_object, read_row, row_of
from schema.engine.mapping.storage import Binding, Column, Lookup, Many, Mapping, One, Page

Fetch = Callable[[Select[Any], dict[str, Any]], Awaitable[Sequence[Any]]]
"""Runs a statement in the viewer's transaction and gives its rows."""

Arguments = tuple[tuple[str, Any], ...]


@dataclass
class Executor:
    """Answers the fields of one request, for one viewer, within one transaction."""

    viewer: Viewer
    fetch: Fetch
    denials: Denials
    types: dict[str, Mapping]
    readings: Readings = field(default_factory=Readings)
    _loaders: dict[Any, DataLoader[Any, Any]] = field(default_factory=dict)

    def cell(self, binding: Binding, instance: Any) -> Any:
        """The value of a column, its mask, or null with the refusal listed."""
        if not self.opens(binding, instance):
            return None
        row = row_of(instance)
        found = row.values.get(binding.name)
        if isinstance(binding.storage, Column) and binding.storage.mask:
            return masked_string(found, masked=row.state(binding) != FULL)
        return found

    def opens(self, binding: Binding, instance: Any) -> bool:
        """Whether a field may be answered on this object; if not, the refusal is listed."""
        if binding.mapping is None:
            return self._opens_root(binding)
        row = row_of(instance)
        if row.state(binding) == DENIED:
            self._refuse(binding)
            return False
        if binding.sensitivity is Sensitivity.P3 and row.state(binding) == FULL:
            self.readings.note(binding.coordinate, Sensitivity.P3, row.persons)
        return True

    def _opens_root(self, binding: Binding) -> bool:
        """A field of an answer of ours has no row: its rule asks for the permission alone."""
        if binding.permission is None or self.viewer.shape.grants(binding.permission):
            return True
        self._refuse(binding)
        return False

    def _refuse(self, binding: Binding) -> None:
        if binding.permission is not None:
            self.denials.refuse(binding.coordinate, binding.permission)

    async def resolve(self, binding: Binding, instance: Any, arguments: dict[str, Any]) -> Any:
        """An edge or a root: objects that the viewer may see."""
        if not self.opens(binding, instance):
            return None
        given = {name: _frozen(item) for name, item in arguments.items() if item is not strawberry.UNSET}
        storage = binding.storage
        if isinstance(storage, One):
            key = row_of(instance).keys[storage.by]
            return None if key is None else await self.load(_target(binding), (key,))
        if isinstance(storage, Many | Page) and await self._is_blind(binding, storage, given):
            return [] if isinstance(storage, Many) else nothing()
        if isinstance(storage, Many):
            return await self._many(binding, storage, row_of(instance), given)
        if isinstance(storage, Page):
            return await self._page(binding, storage, instance, given)
        if isinstance(storage, Lookup):
            return await self.look_up(_target(binding), str(given["id"]))
        raise TypeError(f"{binding.coordinate} has no edge")

    async def load(self, mapping: Mapping, key: tuple[Any, ...]) -> Any:
        """The object with this key, None when there is none that the viewer may see."""
        if not mapping.rule.public and not self.viewer.shape.grants(row_permission(mapping)):
            return None
        loader = self.loader(mapping, lambda keys: self._load_rows(mapping, keys))
        return await loader.load(key)

    async def load_named(self, type_name: str, key: tuple[Any, ...]) -> Any:
        """As `load`, of the type with this name."""
        return await self.load(self.types[type_name], key)

    async def load_all_named(self, type_name: str, keys: list[tuple[Any, ...]]) -> list[Any]:
        """As `load_named`, for several keys in one statement."""
        return list(await asyncio.gather(*(self.load_named(type_name, key) for key in keys)))

    async def load_list(
        self, type_name: str, by: tuple[str, ...], key: tuple[Any, ...], order: tuple[str, ...] = ("id",)
    ) -> list[Any]:
        """All rows of the type with this name whose columns `by` hold this key, as far as the viewer may see them."""
        listed = Many(by, by, order, most=0)
        binding = Binding(listed, WITH_ROW, target=self.types[type_name])
        loader = self.loader((type_name, by, order), lambda keys: self._load_many(binding, listed, (), keys))
        return list(await loader.load(key))

    def forget(self) -> None:
        """Forget what was loaded: something was written since."""
        self._loaders.clear()

    async def look_up(self, mapping: Mapping, identifier: str) -> Any:
        """The object with this global id; an id that is no id of this type finds nothing."""
        key = key_of(mapping, identifier)
        return None if key is None else await self.load(mapping, key)

    async def look_up_all(self, identifiers: list[str]) -> list[Any]:
        """The objects with these global ids, of whatever types, in their order."""
        return list(await asyncio.gather(*(self._look_up_any(identifier) for identifier in identifiers)))

    async def _look_up_any(self, identifier: str) -> Any:
        mapping = self.types.get(identifier.partition(":")[0])
        return None if mapping is None else await self.look_up(mapping, identifier)

    async def _load_rows(self, mapping: Mapping, keys: list[Any]) -> list[Any]:
        plan = self._plan(mapping)
        columns = [getattr(plan.row, name) for name in mapping.key]
        objects = await self._objects(plan, select(*plan.columns).where(tuple_(*columns).in_(keys)))
        found = {tuple(row_of(item).keys[name] for name in mapping.key): item for item in objects}
        return [found.get(key) for key in keys]

    async def _is_blind(self, binding: Binding, storage: Many | Page, given: dict[str, Any]) -> bool:
        """Whether a filter names an object that the viewer may not see: then nothing is found by it.

        Otherwise a list could be asked what the field itself does not tell.
        """
        told = getattr(storage.where, "filters", {})
        for name, (field_name, _) in told.items():
            read = _target(binding).bindings.get(field_name)
            if name not in given or read is None or not isinstance(read.storage, One) or _target(read).rule.public:
                continue
            key = key_of(_target(read), str(given[name]))
            if key is not None and await self.load(_target(read), key) is None:
                return True
        return False

    async def _many(self, binding: Binding, storage: Many, row: Row, given: dict[str, Any]) -> list[Any]:
        arguments = tuple(sorted(given.items()))
        loader = self.loader((binding, arguments), lambda keys: self._load_many(binding, storage, arguments, keys))
        found: list[Any] = await loader.load(tuple(row.keys[name] for name in storage.match))
        if len(found) > storage.most:
            raise LimitExceeded(
                f"{binding.coordinate} holds more than {storage.most} items; narrow it down by its arguments.",
                f"В {binding.coordinate} больше {storage.most} элементов; уточните аргументы.",
            )
        return found

    async def _load_many(
        self, binding: Binding, storage: Many, arguments: Arguments, keys: list[Any]
    ) -> list[list[Any]]:
        plan = self._plan(_target(binding))
        links = [getattr(plan.row, name) for name in storage.by]
        parents = [link.label(f"p_{link.key}") for link in links]
        statement = select(*plan.columns, *parents).where(tuple_(*links).in_(keys))
        statement = statement.where(*_conditions(storage.where, plan, arguments))
        statement = statement.order_by(*(getattr(plan.row, name) for name in storage.order))
        groups: dict[Any, list[Any]] = {key: [] for key in keys}
        for found in await self._fetch(plan, statement):
            parent = tuple(found._mapping[f"p_{link.key}"] for link in links)
            groups[parent].append(self._object(plan, found))
        return [groups[key] for key in keys]

    async def _page(self, binding: Binding, storage: Page, instance: Any, given: dict[str, Any]) -> Connection[Any]:
        window = Window.of(binding.coordinate, storage.order, given)
        arguments = tuple(sorted(given.items()))
        parent = row_of(instance).keys["id"] if storage.by else None
        loader = self.loader(
            (binding, arguments, window.size, window.backward, str(window.start)),
            lambda keys: self._load_pages(binding, storage, window, arguments, keys),
        )
        counter = self.loader((binding, arguments), lambda keys: self._count(binding, storage, arguments, keys))
        found: list[tuple[Any, list[Any]]] = await loader.load(parent)
        return connection(found, window, lambda: counter.load(parent))

    async def _load_pages(
        self, binding: Binding, storage: Page, window: Window, arguments: Arguments, keys: list[Any]
    ) -> list[list[tuple[Any, list[Any]]]]:
        plan = self._plan(_target(binding))
        order = [getattr(plan.row, name) for name in storage.order]
        sort = [label.label(f"o_{name}") for name, label in zip(storage.order, order, strict=True)]
        inner = self._listed(plan, storage, arguments).add_columns(*plan.columns, *sort)
        beyond = window.beyond(order)
        inner = inner if beyond is None else inner.where(beyond)
        inner = inner.order_by(*(c.desc() if window.backward else c for c in order)).limit(window.size + 1)
        groups: dict[Any, list[tuple[Any, list[Any]]]] = {key: [] for key in keys}
        for parent, found in await self._per_parent(plan, storage, inner, keys):
            groups[parent].append((self._object(plan, found), [found._mapping[label.name] for label in sort]))
        return [groups[key] for key in keys]

    async def _count(self, binding: Binding, storage: Page, arguments: Arguments, keys: list[Any]) -> list[int]:
        plan = self._plan(_target(binding))
        inner = self._listed(plan, storage, arguments).add_columns(func.count().label("counted"))
        found = {parent: row.counted for parent, row in await self._per_parent(plan, storage, inner, keys)}
        return [found.get(key, 0) for key in keys]

    def _listed(self, plan: RowPlan, storage: Page, arguments: Arguments) -> Select[Any]:
        conditions = [plan.visible, *_conditions(storage.where, plan, arguments)]
        return select().select_from(plan.row).where(*conditions)

    async def _per_parent(
        self, plan: RowPlan, storage: Page, inner: Select[Any], keys: list[Any]
    ) -> list[tuple[Any, Any]]:
        """Run the page once for all parents (a LATERAL each), or as it is where a root has none."""
        if storage.by is None:
            return [(None, row) for row in await self._fetch(plan, inner, filtered=True)]
        parents = func.unnest(list(keys)).table_valued("parent").render_derived()
        part = inner.where(getattr(plan.row, storage.by) == parents.c.parent).lateral()
        statement = select(parents.c.parent, *part.c).select_from(parents).join(part, true())
        return [(row.parent, row) for row in await self._fetch(plan, statement, filtered=True)]

    async def _objects(self, plan: RowPlan, statement: Select[Any]) -> list[Any]:
        return [self._object(plan, found) for found in await self._fetch(plan, statement)]

    async def _fetch(self, plan: RowPlan, statement: Select[Any], *, filtered: bool = False) -> Sequence[Any]:
        """Run a statement under the rule of the rows, which stands before every LIMIT."""
        guarded = statement if filtered else statement.where(plan.visible)
        return await self.fetch(guarded, {name: self.viewer.parameter(name) for name in plan.parameters})

    def _object(self, plan: RowPlan, found: Any) -> Any:
        row = read_row(plan, found)
        if row.is_personal:
            self.readings.note(row.mapping.name, row.mapping.sensitivity, row.persons)
        return as_object(row)

    def _plan(self, mapping: Mapping) -> RowPlan:
        return row_plan(mapping, self.viewer.shape)

    def loader(self, name: Any, load: Callable[[list[Any]], Awaitable[list[Any]]]) -> DataLoader[Any, Any]:
        """The loader of this name, kept until something is written."""
        if name not in self._loaders:
            self._loaders[name] = DataLoader(load_fn=load)
        return self._loaders[name]


def key_of(mapping: Mapping, identifier: str) -> tuple[Any, ...] | None:
    """The key in a global id; None when it is not an id of this type."""
    kind, *parts = identifier.split(":")
    if kind != mapping.name or len(parts) != len(mapping.key):
        return None
    try:
        return tuple(_part(name, part) for name, part in zip(mapping.key, parts, strict=True))
    except ValueError:
        return None


def require_key(mapping: Mapping, identifier: str) -> UUID:
    """The key in a global id given as an argument. Raises BadUserInput where it is no id of this type."""
    key = key_of(mapping, identifier)
    if key is None:
        raise BadUserInput(f"This is not an id of {mapping.name}.", f"Это не идентификатор {mapping.name}.")
    return key[-1]  # type: ignore[no-any-return]


def _part(name: str, part: str) -> Any:
    if name != "school_year":
        return UUID(part)
    if not (part.isascii() and part.isdigit() and len(part) <= 4):
        raise ValueError(part)
    return int(part)


def _frozen(item: Any) -> Any:
    """An argument as part of a loader's name: lists become tuples."""
    return tuple(item) if isinstance(item, list) else item


def _target(binding: Binding) -> Mapping:
    if binding.target is None:
        raise TypeError(f"{binding.coordinate} leads to no mapped type")
    return binding.target


def _conditions(where: Any, plan: RowPlan, arguments: Arguments) -> list[ColumnElement[bool]]:
    return [] if where is None else list(where(plan.row, **dict(arguments)))
