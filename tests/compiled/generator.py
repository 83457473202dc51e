"""Generator: valid documents over the built schema, with values that exist and values that never did."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
)

from schema.engine.context import Language
from schema.engine.mapping.check import binding_of
from schema.engine.mapping.storage import ById, Column, Computed, Lookup
from tests.compiled.both import Request

PAGE = ("first", "after", "last", "before")
GOES_WITH = {"before": ["last", "before"], "after": ["first", "after"]}
DEEPEST = 7
FIELDS = 45
ALIASES = 24
ODD_TEXTS = (
    "", "'", "\"", "\\", "'; drop table mark; --", "%", "_", "$1", ":name", "ё", "🎓", "\u2028", "\x01", "\x02",
    "a\nb", "\x00",
)  # fmt: skip
ODD_NUMBERS = (0, 1, 2, 3, 50, 100, 101, -1, 2**31 - 1, -(2**31))


@dataclass
class Values:
    """What can be asked for: ids by type, cursors by field, words to begin with, accounts, and a day to count from."""

    ids: dict[str, list[str]]
    texts: list[str]
    today: date
    subjects: list[str] = field(default_factory=list)
    cursors: dict[str, list[str]] = field(default_factory=dict)
    visible: dict[str, list[str]] = field(default_factory=dict)
    """Ids that the one who asks next may see, by type."""
    sighted: float = 0.75
    """How often these are asked for."""


@dataclass
class Draft:
    """A document on its way: how much is left to use, and what was declared."""

    fields: int = FIELDS
    aliases: int = ALIASES
    variables: dict[str, tuple[str, Any]] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Focus:
    """Fields of one type, each with the argument that it must be given, if any."""

    type_name: str
    fields: tuple[tuple[str, str | None], ...]


@dataclass
class Generator:
    """Makes documents; `focus` brings fields of one type into the document, on objects that exist."""

    schema: GraphQLSchema
    values: Values
    dice: random.Random
    fields: int = FIELDS
    coordinates: list[tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.coordinates = coordinates(self.schema)

    def request(self, focus: Focus | None = None) -> Request:
        """A document of one to three roots, with variables, aliases, fragments and directives as they fall."""
        draft = Draft(self.fields)
        roots = [self._focused(draft, focus)] if focus else []
        query = self.schema.query_type
        assert query is not None
        roots += [
            self._field(draft, query, name, 1)
            for name in self._some(self._names(query), 0 if focus else 1, 0 if focus else 2)
        ]
        declared = ", ".join(f"${name}: {kind}" for name, (kind, _) in draft.variables.items())
        given = {name: value for name, (_, value) in draft.variables.items() if value is not ...}
        head = f"query Generated({declared})" if declared else "query"
        text = "\n".join([f"{head} {{ {' '.join(roots)} }}", *draft.fragments])
        return Request(text, given, self.dice.choice(list(Language)))

    def _focused(self, draft: Draft, focus: Focus) -> str:
        """The fields on some objects of the type, asked for by id; a type without ids is come to on a short way."""
        start, *way = self._way(focus.type_name)
        kind = self._object(focus.type_name)
        wanted = [self._field(draft, kind, name, 3, argument=argument) for name, argument in focus.fields]
        inner = f"{' '.join(wanted)} {self._selection(draft, kind, 3, 2)}"
        for owner, name in reversed(way):
            found = self._object(owner).fields[name]
            draft.aliases -= 1
            arguments = self._arguments(draft, f"{owner}.{name}", found)
            inner = f"w{draft.aliases}: {name}{arguments} {{ {inner} }}"
        if start[0] == "Query":
            return inner
        draft.aliases -= 1
        given = self._variable(draft, "[ID!]!", self._ids(start[0], 4))
        return f"focus: nodes(ids: {given}) {{ __typename ... on {start[0]} {{ {inner} }} }}"

    def _way(self, type_name: str) -> list[tuple[str, str]]:
        """Where to begin, and the fields that lead from there to the type."""
        if type_name in self.values.ids or type_name == "Query":
            return [(type_name, "")]
        leading = [(k, f) for k, f in self.coordinates if self._leads(k, f, type_name) and k != type_name]
        if not leading:  # only by its id
            return [(type_name, "")]
        withs = [one for one in leading if one[0] in self.values.ids or one[0] == "Query"] or leading
        owner, name = self.dice.choice(withs)
        return [*self._way(owner), (owner, name)]

    def _leads(self, owner: str, name: str, type_name: str) -> bool:
        return bool(get_named_type(self._object(owner).fields[name].type).name == type_name)

    def _names(self, kind: GraphQLObjectType) -> list[str]:
        return [name for name in kind.fields if not is_left_to_python(kind, name)]

    def _object(self, name: str) -> GraphQLObjectType:
        kind = self.schema.type_map[name]
        assert isinstance(kind, GraphQLObjectType)
        return kind

    def _selection(
        self, draft: Draft, kind: GraphQLObjectType | GraphQLInterfaceType, depth: int, most: int = 5
    ) -> str:
        if isinstance(kind, GraphQLInterfaceType):
            return self._of_interface(draft, kind, depth)
        names = self._some(self._names(kind), 1, most)
        parts = [self._field(draft, kind, name, depth) for name in names]
        if self.dice.random() < 0.15:
            parts.append("__typename")
        if self.dice.random() < 0.15 and draft.fields > 4:
            parts.append(f"... {self._directive(draft)} {{ {self._selection(draft, kind, depth, 2)} }}")
        if self.dice.random() < 0.15 and draft.fields > 4:
            parts.append(self._fragment(draft, kind, depth))
        return " ".join(part for part in parts if part) or "__typename"

    def _of_interface(self, draft: Draft, kind: GraphQLInterfaceType, depth: int) -> str:
        """Fields of several types at once: their names must not meet."""
        parts = ["id", "__typename"]
        for one in self._some(sorted(t.name for t in self.schema.get_possible_types(kind)), 1, 3):
            found = self.schema.type_map[one]
            assert isinstance(found, GraphQLObjectType)
            names = [name for name in self._some(self._names(found), 1, 3) if draft.aliases > 0]
            fields = " ".join(self._field(draft, found, name, depth, alias=True) for name in names)
            parts.append(f"... on {one} {{ {fields or '__typename'} }}")
        return " ".join(parts)

    def _fragment(self, draft: Draft, kind: GraphQLObjectType, depth: int) -> str:
        name = f"F{len(draft.fragments)}"
        draft.fragments.append("")
        number = len(draft.fragments) - 1
        condition = "Node" if "id" in kind.fields and self.dice.random() < 0.3 else kind.name
        inside = "id __typename" if condition == "Node" else self._selection(draft, kind, depth, 3)
        draft.fragments[number] = f"fragment {name} on {condition} {{ {inside} }}"
        return f"...{name} {self._directive(draft)}"

    def _field(
        self,
        draft: Draft,
        owner: GraphQLObjectType,
        name: str,
        depth: int,
        *,
        alias: bool = False,
        argument: str | None = None,
    ) -> str:
        found = owner.fields[name]
        named = get_named_type(found.type)
        if draft.fields <= 0 or (depth >= DEEPEST and not is_leaf_type(named)):
            return ""
        arguments = self._arguments(draft, f"{owner.name}.{name}", found, argument)
        called = name
        if alias or arguments or (draft.aliases > 0 and self.dice.random() < 0.1):
            if draft.aliases <= 0:
                return ""
            draft.aliases -= 1
            called = f"a{draft.aliases}: {name}"
        draft.fields -= 1
        below = ""
        if not isinstance(named, GraphQLLeafType):
            assert isinstance(named, GraphQLObjectType | GraphQLInterfaceType)
            below = f" {{ {self._selection(draft, named, depth + 1)} }}"
        return f"{called}{arguments} {self._directive(draft)}{below}"

    def _arguments(self, draft: Draft, coordinate: str, found: GraphQLField, wanted: str | None = None) -> str:
        required = [name for name, one in found.args.items() if isinstance(one.type, GraphQLNonNull)]
        chosen = self._chosen(found) if wanted is None else {*GOES_WITH.get(wanted, [wanted]), *required}
        values = {each: self._value(each, found.args[each], found, coordinate) for each in sorted(chosen)}
        self._narrow(found, values)
        given = [f"{each}: {self._given(draft, found.args[each], value)}" for each, value in values.items()]
        return f"({', '.join(given)})" if given else ""

    def _narrow(self, found: GraphQLField, values: dict[str, Any]) -> None:
        """Where both ends of a span must be given it is mostly one that is answered: no longer than a month."""
        ends = [found.args.get(name) for name in ("since", "until")]
        if all(end is not None and isinstance(end.type, GraphQLNonNull) for end in ends) and self.dice.random() < 0.85:
            until = date.fromisoformat(values["since"]) + timedelta(days=self.dice.randint(0, 30))
            values["until"] = until.isoformat()

    def _chosen(self, found: GraphQLField) -> list[str]:
        """Which arguments are given: those of a page mostly as they go together."""
        names = [name for name in found.args if name not in PAGE or self.dice.random() < 0.02]
        names = [n for n in names if isinstance(found.args[n].type, GraphQLNonNull) or self.dice.random() < 0.35]
        together = self.dice.choice([(), ("first",), ("last",), ("first", "after"), ("after",), ("last", "before")])
        return [*names, *(name for name in together if name in found.args and name not in names)]

    def _given(self, draft: Draft, argument: GraphQLArgument, value: Any) -> str:
        """As a literal, or as a variable, with a default at times."""
        if self.dice.random() < 0.5:
            return self._variable(draft, str(argument.type), value)
        return self._literal(argument.type, value)

    def _variable(self, draft: Draft, kind: str, value: Any) -> str:
        name = f"v{len(draft.variables)}"
        default = ""
        if (
            value is not None
            and self.dice.random() < 0.2
            and isinstance(value, str | int)
            and "[" not in kind
            and kind.rstrip("!") in ("ID", "String", "Int", "Boolean")
        ):
            default, value = f" = {_quoted(value)}", self.dice.choice([value, ...])
        draft.variables[name] = (kind + default, value)
        return f"${name}"

    def _literal(self, kind: Any, value: Any) -> str:
        if value is None:
            return "null"
        if isinstance(get_nullable_type(kind), GraphQLList):
            return "[" + ", ".join(self._literal(get_nullable_type(kind).of_type, item) for item in value) + "]"
        return str(value) if isinstance(get_named_type(kind), GraphQLEnumType) else _quoted(value)

    def _value(self, name: str, argument: GraphQLArgument, found: GraphQLField, coordinate: str) -> Any:
        kind = get_nullable_type(argument.type)
        if isinstance(kind, GraphQLList):
            if name == "ids":
                types = self._some(list(self.values.ids), 1, 3)
                return [identifier for one in types for identifier in self._ids(one, 3)]
            item = get_named_type(kind)
            if isinstance(item, GraphQLEnumType):
                return self._some(list(item.values), 0, 3)
            return self._some(self.values.texts, 0, 2) if isinstance(item, GraphQLScalarType) else []
        if not isinstance(argument.type, GraphQLNonNull) and self.dice.random() < 0.07:
            return None
        if isinstance(kind, GraphQLEnumType):
            return self.dice.choice(list(kind.values))
        return self._scalar(name, kind.name, found, coordinate)

    def _scalar(self, name: str, kind: str, found: GraphQLField, coordinate: str) -> Any:
        if kind in ("ID", "String", "Int") and self.dice.random() < 0.08:
            return self.dice.choice(ODD_NUMBERS if kind == "Int" else ODD_TEXTS)
        if kind == "ID":
            return self._id(name, found)
        if kind == "Int":
            return self.values.today.year - self.dice.randint(0, 1) if "ear" in name else self.dice.choice([1, 2, 3, 5])
        if kind in ("Date", "DateTime", "Boolean"):
            day = self.values.today + timedelta(days=self.dice.randint(-60, 10))
            moment = day.isoformat() if kind == "Date" else f"{day.isoformat()}T10:00:00+00:00"
            return self.dice.random() < 0.5 if kind == "Boolean" else moment
        return self._text(name, coordinate)

    def _text(self, name: str, coordinate: str) -> str:
        if name in ("after", "before"):
            return self.dice.choice(self.values.cursors.get(coordinate) or ["00", "5b5d"])
        if name == "subject":
            return self.dice.choice(self.values.subjects)
        return self.dice.choice(self.values.texts)[: self.dice.randint(1, 12)]

    def _id(self, name: str, found: GraphQLField) -> str:
        """Of the type that the argument means, at times of another."""
        binding = binding_of(found)
        wanted = ""
        if binding is not None and isinstance(binding.storage, Lookup) and binding.target is not None:
            wanted = binding.target.name
        elif binding is not None and not isinstance(binding.storage, ById):
            wanted = name[0].upper() + name[1:] if name != "inside" else "Organisation"
        if wanted not in self.values.ids or self.dice.random() < 0.05:
            wanted = self.dice.choice(sorted(self.values.ids))
        return self._ids(wanted, 1)[0]

    def _ids(self, type_name: str, most: int) -> list[str]:
        seen = self.values.visible.get(type_name, [])
        known = seen if seen and self.dice.random() < self.values.sighted else self.values.ids.get(type_name, [])
        found = [self.dice.choice(known) for _ in range(self.dice.randint(1, most))] if known else []
        if not found or self.dice.random() < 0.05:
            found.append(
                f"{type_name}:{self.dice.choice(['00000000-0000-4000-8000-000000000000', 'nothing', '2026:1'])}"
            )
        return found

    def _directive(self, draft: Draft) -> str:
        if self.dice.random() > 0.06:
            return ""
        name, answer = self.dice.choice([("skip", False), ("include", True)]), None
        truth = name[1] if self.dice.random() < 0.7 else not name[1]
        given = str(truth).lower() if self.dice.random() < 0.5 else self._variable(draft, "Boolean!", truth)
        return f"@{name[0]}(if: {given})" if answer is None else ""

    def _some(self, names: list[str], least: int, most: int) -> list[str]:
        count = min(len(names), self.dice.randint(least, most))
        return self.dice.sample(names, count)


def _quoted(value: Any) -> str:
    """A literal of GraphQL."""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return str(value)
    escaped = "".join(f"\\u{ord(c):04x}" if ord(c) < 32 or c in '"\\' else c for c in value)
    return f'"{escaped}"'


def is_left_to_python(kind: GraphQLObjectType | GraphQLInterfaceType, name: str) -> bool:
    """Whether only the reference executor can answer the field: a resolver that tells nothing of what is behind it."""
    found = kind.fields[name]
    binding, definition = binding_of(found), found.extensions.get("strawberry-definition")
    if binding is None or definition is None:
        return True
    if isinstance(binding.storage, Column):  # of JSON, of which Python makes objects
        return binding.storage.mask is None and not is_leaf_type(get_nullable_type(found.type))
    # A page counts its rows itself, whatever they are.
    counts = kind.name.endswith("Connection")
    return type(binding.storage) is Computed and definition.base_resolver is not None and not counts


def coordinates(schema: GraphQLSchema) -> list[tuple[str, str]]:
    """Type and field of everything that a compiled query can reach."""
    seen: set[str] = set()
    waiting: list[Any] = [schema.query_type]
    while waiting:
        kind = waiting.pop()
        if kind.name in seen or is_leaf_type(kind):
            continue
        seen.add(kind.name)
        waiting += [get_named_type(kind.fields[n].type) for n in kind.fields if not is_left_to_python(kind, n)]
        if isinstance(kind, GraphQLInterfaceType):
            waiting += schema.get_possible_types(kind)
    objects = (schema.type_map[name] for name in sorted(seen))
    return [
        (k.name, name)
        for k in objects
        if isinstance(k, GraphQLObjectType)
        for name in k.fields
        if not is_left_to_python(k, name)
    ]
