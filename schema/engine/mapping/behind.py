"""Behind: values of rows that keys of a row lead to, and facts, as the reference executor reads them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from schema.engine.mapping.rows import row_of
from schema.engine.mapping.storage import Facts, One

if TYPE_CHECKING:
    from schema.engine.mapping.reference import Executor


async def behind(executor: "Executor", instance: Any, paths: Sequence[str]) -> list[Any]:
    """For paths such as `organisation.name` the values; None where the viewer sees no such row."""
    return [await _behind(executor, instance, *path.split(".")) for path in paths]


async def _behind(executor: "Executor", instance: Any, edge: str, name: str) -> Any:
    row = row_of(instance)
    binding = row.mapping.bindings[edge]
    if not isinstance(binding.storage, One) or binding.target is None:
        raise TypeError(f"{binding.coordinate} leads to no single row")
    key = row.keys[binding.storage.by]
    found = None if key is None else await executor.load(binding.target, (key,))
    if found is None:
        return None
    read = row_of(found)
    return read.values[name] if name in read.mapping.bindings else read.keys[name]


async def facts_of(executor: "Executor", facts: Facts, key: Any) -> Any:
    """What decides a value. Several asked for at once are one statement. Raises LookupError where nothing stands."""
    found = await executor.loader(facts, lambda keys: _read(executor, facts, keys)).load(key)
    if found is None:
        raise LookupError(f"no facts about {key}")
    return found


async def _read(executor: "Executor", facts: Facts, keys: list[Any]) -> list[Any]:
    rows = facts.rows()
    asked = rows.where(rows.selected_columns.key.in_(keys))
    found = {row.key: facts.read(row) for row in await executor.fetch(asked, {})}
    return [found.get(key) for key in keys]
