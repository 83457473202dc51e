"""@cost and @listSize on fields, by the names of the GraphQL cost specification; printed for those who plan queries."""

import strawberry
from graphql import GraphQLSchema
from strawberry.schema_directive import Location

from schema.engine.limits.prices import Price, price_of
from schema.engine.mapping.check import object_types


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="cost",
    description="Points for resolving this field once (стоимость), besides 1 for every object behind it. Fields without"
    " it: 0 for a value, 1 for each object. The sum is `extensions.cost.requested` of an answer.",
)
class CostDirective:
    """@cost(weight)."""

    weight: str


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="listSize",
    description="How many items a list is taken to have when its cost is estimated (размер списка): what a slicing"
    " argument says, a list in such an argument by its length; without one the assumed size. On a page the size is"
    " that of the fields named in `sizedFields`.",
)
class ListSizeDirective:
    """@listSize(assumedSize, slicingArguments, sizedFields, requireOneSlicingArgument)."""

    assumed_size: int
    slicing_arguments: list[str] | None = strawberry.UNSET
    sized_fields: list[str] | None = strawberry.UNSET
    require_one_slicing_argument: bool | None = strawberry.UNSET


def print_costs(schema: GraphQLSchema) -> None:
    """Print on every field what differs from the default. Printing again changes nothing."""
    for kind in object_types(schema):
        for name, found in kind.fields.items():
            definition = (found.extensions or {}).get("strawberry-definition")
            if definition is None:
                continue
            others = [one for one in definition.directives if not isinstance(one, CostDirective | ListSizeDirective)]
            definition.directives = [*others, *_printed(price_of(f"{kind.name}.{name}", found))]


def _printed(price: Price) -> list[CostDirective | ListSizeDirective]:
    printed: list[CostDirective | ListSizeDirective] = []
    if price.weight:
        printed.append(CostDirective(weight=str(price.weight)))
    if price.size is not None:
        printed.append(
            ListSizeDirective(
                assumed_size=price.size,
                slicing_arguments=list(price.slicing) or strawberry.UNSET,
                sized_fields=list(price.sized) or strawberry.UNSET,
                require_one_slicing_argument=False if price.slicing else strawberry.UNSET,
            )
        )
    return printed
