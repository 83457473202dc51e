"""Why an entry of a rating stands where it stands: contributions, ties, the way to a better place, what changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, cast
from uuid import UUID

import strawberry
from strawberry.types import Info

from domain.catalogue.ids import level_id
from domain.scoring import explanation as scoring
from domain.scoring.changes import Change, InputChange, changes
from domain.scoring.contributions import Contribution as ScoredContribution
from domain.scoring.distance import Distance as ScoredDistance
from domain.scoring.distance import Way, distance_to_rank
from domain.scoring.methodology import Methodology, RatedIndicator
from schema.engine.access.rule import PUBLIC
from schema.engine.mapping.declare import computed, structure
from schema.engine.mapping.declare import value as told
from schema.engine.mapping.rows import Row
from schema.engine.scalars import Exact
from schema.figures.exact_numbers import exact, in_display
from schema.figures.explanation_parts import (
    P1,
    Contribution,
    Distance,
    EntryChange,
    InputChanged,
    InputDifference,
    RatedInput,
    RatingEntryLater,
    Tie,
    WayUp,
)
from schema.figures.measurement import Cause
from schema.figures.rating_inputs import EntryKey, EntryView, view_entry

if TYPE_CHECKING:
    from schema.engine.context import Context


@structure("Why an entry stands where it stands (объяснение места).")
class Explanation:
    """An explanation of one entry."""

    contributions: list[Contribution] = told("What each input brought (вклад показателей).", PUBLIC, P1, usually=20)
    tied_with: list[Tie] = told("Who shares the place, and why (кто делит место).", PUBLIC, P1, usually=3)
    looks_equal: list[RatingEntryLater] = told(
        "Others whose shown per cent is the same, but whose place is not (тот же процент, другое место).",
        PUBLIC,
        usually=3,
    )
    to_next_rank: Distance | None = told("To the next better place (до следующего места).", PUBLIC, P1)
    to_next_level: Distance | None = told("To the next level (до следующего уровня).", PUBLIC, P1)
    view: strawberry.Private[Any]

    @computed(
        "To a better place of your choice (до указанного места); null when it is reached already.",
        PUBLIC,
        sensitivity=P1,
    )
    async def to_rank(
        self, info: Info, rank: Annotated[int, strawberry.argument(description="The place (место).")]
    ) -> Distance | None:
        view: EntryView = self.view
        found = distance_to_rank(view.rating, view.section, view.name, rank, view.sees)
        return await _words(cast("Context", info.context), view).distance(found)

    @computed(
        "What changed since the version before (что изменилось); null without one, or when nothing did.",
        PUBLIC,
        sensitivity=P1,
    )
    async def since_previous(self, info: Info) -> EntryChange | None:
        return await _since_previous(cast("Context", info.context), self.view)


async def explanation(context: "Context", row: Row) -> Explanation | None:
    """The explanation of an entry's row."""
    key = EntryKey(row.keys["rating_id"], row.values["section"], row.keys["organisation_id"])
    view = await view_entry(context, key)
    if view is None:
        return None
    words, found = _words(context, view), scoring.explain(view.rating, view.section, view.name, view.sees)
    # All at once: whoever has ties must not cost more statements than whoever has none.
    await words.entries(_named(found))
    return Explanation(
        contributions=[words.contribution(each) for each in found.contributions],
        tied_with=[await words.tie(each) for each in found.tied],
        looks_equal=await words.entries(other.organisation for other in found.looks_equal),
        to_next_rank=await words.distance(found.to_next_rank),
        to_next_level=await words.distance(found.to_next_level),
        view=view,
    )


def _named(found: scoring.Explanation) -> list[str]:
    """Everybody whom an explanation names."""
    distances = [distance for distance in (found.to_next_rank, found.to_next_level) if distance]
    holders = [name for distance in distances for name in distance.holders]
    tied, alike = (tie.organisation for tie in found.tied), (other.organisation for other in found.looks_equal)
    return [*tied, *alike, *holders]


def _words(context: "Context", view: EntryView) -> "Words":
    return Words(context, view.rating.methodology, view.entry_ids)


async def _since_previous(context: "Context", view: EntryView) -> EntryChange | None:
    if view.previous_id is None:
        return None
    before = await view_entry(context, EntryKey(view.previous_id, view.section, view.organisation_id))
    if before is None:
        return None

    found = changes(before.rating, view.rating, view.section, view.sees)
    mine = next((each for each in found if each.after and each.after.organisation == view.name), None)
    return None if mine is None else _words(context, view).change(mine)


@dataclass(frozen=True)
class Words:
    """What the domain found out, as the contract shows it."""

    context: "Context"
    methodology: Methodology
    entry_ids: Mapping[str, UUID]

    def contribution(self, each: ScoredContribution) -> Contribution:
        """A contribution."""
        return Contribution(
            input=self.input(each.indicator),
            state=each.state,
            weight=Exact(str(each.weight)),
            maximum=exact(each.maximum),
            value=exact(each.value),
            points=exact(each.points),
            share=exact(each.share),
            share_shown=in_display(None if each.share is None else 100 * each.share, 1),
            headroom=exact(each.headroom),
        )

    async def tie(self, tie: scoring.Tie) -> Tie:
        """A tie, with the other's entry."""
        [entry] = await self.entries([tie.organisation])
        differences = [
            InputDifference(input=self.input(each.indicator), ours=exact(each.ours), theirs=exact(each.theirs))
            for each in tie.differences
        ]
        return Tie(entry=entry, same_inputs=tie.same_inputs, differences=differences)

    async def distance(self, found: ScoredDistance | None) -> Distance | None:
        """A distance, with those who have the place."""
        if found is None:
            return None
        return Distance(
            points=Exact(str(found.points)),
            points_shown=in_display(found.points) or "",
            rank=found.rank,
            level=await self._level(found),
            holders=await self.entries(found.holders),
            ways=[self._way(way) for way in found.ways],
        )

    def change(self, found: Change) -> EntryChange:
        """A change of an entry."""
        before, after = found.before, found.after
        return EntryChange(
            cause=found.cause,
            places=found.places,
            rank_before=before.rank if before else None,
            rank_after=after.rank if after else None,
            points_before=exact(before.points) if before else None,
            points_after=exact(after.points) if after else None,
            organisation_name=(after or before).organisation,  # type: ignore[union-attr]  # one of them is there
            # Who did not move by themselves have nothing to show, and nothing withheld either.
            inputs=[self._input_change(each) for each in found.inputs if found.cause is not Cause.OTHERS],
        )

    def input(self, code: str) -> RatedInput:
        """An input by its name in the caller's language."""
        rated: RatedIndicator = self.methodology.indicator(code)
        return RatedInput(code=code, name=self.context.say(rated.english, rated.russian))

    async def entries(self, names: Iterable[str]) -> list[Any]:
        """The entries of these names."""
        keys = [(self.entry_ids[name],) for name in names]
        return await self.context.executor.load_all_named("RatingEntry", keys)

    def _way(self, way: Way) -> WayUp:
        return WayUp(
            input=self.input(way.indicator),
            points=Exact(str(way.points)),
            value=exact(way.value),
            value_shown=in_display(way.value),
        )

    def _input_change(self, each: InputChange) -> InputChanged:
        return InputChanged(
            input=self.input(each.indicator),
            before=exact(each.before),
            after=exact(each.after),
            withheld=each.withheld,
        )

    async def _level(self, found: ScoredDistance) -> Any:
        if found.level is None:
            return None
        how = self.methodology
        return await self.context.executor.load_named(
            "MethodologyLevel", (level_id(how.code, how.version, found.level.code),)
        )
