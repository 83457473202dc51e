"""Hooks of schemathesis: good pages, so that documents reach the data; and a check of errors by our own catalogue.

Two of its checks give way to ours. `not_a_server_error` takes FORBIDDEN or UNAUTHENTICATED for a broken server, and
`positive_data_acceptance` demands an answer to whatever fits the types, which cannot say that a page is `first` or
`last` or which form an id has. Ours demands of every answer: a status below 500, a code that the contract lists for
every error, and never one that means that the server failed. Loaded by SCHEMATHESIS_HOOKS.
"""

from typing import Any

import schemathesis
from graphql import ArgumentNode, FieldNode, IntValueNode, NameNode, NullValueNode, StringValueNode, Visitor, visit

PAGE = {"first", "last", "before", "after"}
SIZES = ("first", "last")
MOST = 100
FAILED = {"INTERNAL", "UNAVAILABLE"}


class OnePage(Visitor):
    """Makes of each field's page arguments a page that there may be."""

    def enter_field(self, node: FieldNode, *_: Any) -> FieldNode | None:
        """Keep one of the sizes, within its bounds, and no cursor."""
        page = [argument for argument in node.arguments or () if argument.name.value in PAGE]
        if not page or not all(_is_well_typed(argument) for argument in page):
            return None  # what is wrong on purpose stays wrong
        sizes = [argument for argument in page if isinstance(argument.value, IntValueNode)]
        kept = [argument for argument in node.arguments or () if argument.name.value not in PAGE]
        same = {name: getattr(node, name) for name in node.keys if name != "arguments"}
        return FieldNode(**same, arguments=tuple(kept + [_bounded(one) for one in sizes[:1]]))


def _is_well_typed(argument: ArgumentNode) -> bool:
    value = argument.value
    if argument.name.value in SIZES and isinstance(value, IntValueNode):
        return abs(int(value.value)) < 2**31
    return isinstance(value, NullValueNode if argument.name.value in SIZES else StringValueNode | NullValueNode)


def _bounded(argument: ArgumentNode) -> ArgumentNode:
    size = 1 + abs(int(argument.value.value)) % MOST  # type: ignore[attr-defined]
    return ArgumentNode(name=NameNode(value=argument.name.value), value=IntValueNode(value=str(size)))


@schemathesis.hook  # type: ignore[untyped-decorator]
def map_body(_: Any, body: Any) -> Any:
    """Put good pages into every document."""
    return visit(body, OnePage())


@schemathesis.check  # type: ignore[untyped-decorator]
def coded_errors(_: Any, response: Any, case: Any) -> None:
    """Every error has a code of the catalogue, and none says that the server failed."""
    assert response.status_code < 500, f"status {response.status_code}"
    known = set(case.operation.schema.client_schema.type_map["ErrorCode"].values)
    for error in response.json().get("errors") or ():
        code = (error.get("extensions") or {}).get("code")
        assert code in known, f"the catalogue does not have {code}"
        assert code not in FAILED, f"the server failed: {code}"
        assert error["message"], "an error without words"
