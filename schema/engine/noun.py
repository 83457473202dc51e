"""Noun: what a noun brings to the contract; root() puts a root together from what all of them bring."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from schema.engine.mapping.declare import structure
from schema.engine.mutations.audit import AuditAction
from schema.engine.mutations.user_errors import UserError


class Nothing:
    """Of a noun that brings no roots of this kind."""


@dataclass(frozen=True)
class Noun:
    """A noun signs in once, by standing in the list of schema/nouns.py; everything else it says here.

    `queries`, `mutations`, `subscriptions`: classes whose fields become fields of the root. `refusals`: user errors of
    its own. `codes`: codes of InvalidInput, by what they are about. `audited`: what the audit calls its changes.
    """

    queries: type[Any] = Nothing
    mutations: type[Any] = Nothing
    subscriptions: type[Any] = Nothing
    refusals: tuple[type[UserError], ...] = ()
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    audited: type[AuditAction] | None = None


def root(name: str, description: str, parts: Iterable[type[Any]]) -> type[Any]:
    """A root type of the contract with the fields of all parts. Raises TypeError for a field that two of them bring."""
    fields: dict[str, Any] = {}
    annotations: dict[str, Any] = {}
    for part in parts:
        brought = {key: value for key, value in vars(part).items() if not key.startswith("__")}
        twice = sorted(fields.keys() & brought.keys())
        if twice:
            raise TypeError(f"{part.__module__}: {name} has {', '.join(twice)} already")
        fields |= brought
        annotations |= vars(part).get("__annotations__", {})
    made = type(name, (), {**fields, "__annotations__": annotations, "__doc__": description, "__module__": __name__})
    return structure(description)(made)
