"""Why an entry of a rating stands where it stands: contributions, ties, the way to a better place, what changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, cast
from uuid import UUID

import strawberry
from strawberry.types import Info

from domain.catalogue.ids import indicator_id, level_id
from domain.scoring import explanation as scoring
from domain.scoring.changes import Change, InputChange, changes
from domain.scoring.contributions import Contribution as ScoredContribution
from domain.scoring.distance import Distance as ScoredDistance
from domain.scoring.distance import Way, distance_to_rank
from domain.scoring.methodology import Methodology, RatedIndicator
from domain.sensitivity import Sensitivity
from schema.access import PUBLIC
from schema.exact_numbers import exact, in_display
from schema.indicators import Indicator
from schema.mapping.declare import computed, structure
from schema.mapping.declare import value as told
from schema.mapping.rows import Row
from schema.measurement import Cause, State
from schema.methodologies import MethodologyLevel
from schema.rating_inputs import EntryKey, EntryView, view_entry
from schema.scalars import Exact

if TYPE_CHECKING:
    from schema.context import Context
    from schema.ratings import RatingEntry

RatingEntryLater = Annotated["RatingEntry", strawberry.lazy("schema.ratings")]
P1 = Sensitivity.P1


@structure("Which input it is (показатель рейтинга).")
class RatedInput:
    """An input of a rating by its name."""

    code: str = told("Stable code (код).", PUBLIC)
    name: str = told("What the methodology calls it, in your language (название).", PUBLIC)

    @computed("The indicator in the catalogue (показатель).", PUBLIC, sensitivity=Sensitivity.P0)
    async def indicator(self, info: Info) -> Indicator | None:
        return cast("Indicator | None", await info.context.executor.load_named("Indicator", (indicator_id(self.code),)))


@structure("What one input brought (вклад показателя).")
class Contribution:
    """A contribution. Numbers are null unless the state is KNOWN."""

    input: RatedInput = told("Which input (показатель).", PUBLIC)
    state: State = told("Whether its numbers can be shown (состояние).", PUBLIC)
    weight: Exact = told("By how much its points are multiplied (вес).", PUBLIC)
    maximum: Exact | None = told("Points that it can bring, weighted (максимум).", PUBLIC)
    value: Exact | None = told("Value of the indicator, in its unit (значение).", PUBLIC, P1)
    points: Exact | None = told("Points that it brought, weighted (баллы).", PUBLIC, P1)
    share: Exact | None = told("Its share of all points, 0 to 1 (доля).", PUBLIC, P1)
    share_shown: str | None = told("The same in per cent, as it is shown (доля для показа, %).", PUBLIC, P1)
    headroom: Exact | None = told("Points left to its maximum (резерв).", PUBLIC, P1)


@structure("An input in which two organisations differ (различие).")
class InputDifference:
    """A difference, in weighted points; null where withheld or missing."""

    input: RatedInput = told("Which input (показатель).", PUBLIC)
    ours: Exact | None = told("Points here (баллы здесь).", PUBLIC, P1)
    theirs: Exact | None = told("Points there (баллы там).", PUBLIC, P1)


@structure("Somebody on the same place (делят место).")
class Tie:
    """A tie: the same points exactly."""

    entry: RatingEntryLater | None = told("Whose entry (строка рейтинга).", PUBLIC)
    same_inputs: bool | None = told(
        "Whether all inputs are the same (одинаковы ли показатели); null where you may not see enough to be told.",
        PUBLIC,
        P1,
    )
    differences: list[InputDifference] = told("Where they differ (различия).", PUBLIC, P1)


@structure("One input that could bring the points alone (способ).")
class WayUp:
    """A way."""

    input: RatedInput = told("Which input (показатель).", PUBLIC)
    points: Exact = told("Points that it would bring (баллы).", PUBLIC, P1)
    value: Exact | None = told("Value that it would need, all else equal (нужное значение).", PUBLIC, P1)
    value_shown: str | None = told("The same as it is shown (для показа).", PUBLIC, P1)


@structure("How far it is to a better place or level (сколько не хватает).")
class Distance:
    """A distance."""

    points: Exact = told("Points wanting (не хватает баллов): reaching them is enough.", PUBLIC)
    points_shown: str = told("The same as they are shown (для показа).", PUBLIC)
    rank: int | None = told("The place (место).", PUBLIC)
    level: MethodologyLevel | None = told("The level (уровень).", PUBLIC)
    holders: list[RatingEntryLater] = told("Who has that place now (кто на этом месте).", PUBLIC)
    ways: list[WayUp] = told(
        "Inputs that you may see and that could bring it alone (способы), the least demanding first.", PUBLIC, P1
    )


@structure("An input before and after (изменение показателя).")
class InputChanged:
    """A change of an input."""

    input: RatedInput = told("Which input (показатель).", PUBLIC)
    before: Exact | None = told("Value before (было).", PUBLIC, P1)
    after: Exact | None = told("Value after (стало).", PUBLIC, P1)
    withheld: bool = told("Whether you may not see it (скрыто).", PUBLIC)


@structure("What changed since another version (изменение места).")
class EntryChange:
    """A change of an entry."""

    cause: Cause = told("Why (причина).", PUBLIC)
    places: int | None = told("Places risen, fallen if below zero (поднялась на мест).", PUBLIC)
    rank_before: int | None = told("Place before (место было).", PUBLIC)
    rank_after: int | None = told("Place after (место стало).", PUBLIC)
    points_before: Exact | None = told("Points before (баллы было).", PUBLIC)
    points_after: Exact | None = told("Points after (баллы стало).", PUBLIC)
    organisation_name: str = told("Whose entry, by the name in the rating (чья строка).", PUBLIC)
    inputs: list[InputChanged] = told("Inputs that changed (изменённые показатели).", PUBLIC, P1)


@structure("Why an entry stands where it stands (объяснение места).")
class Explanation:
    """An explanation of one entry."""

    contributions: list[Contribution] = told("What each input brought (вклад показателей).", PUBLIC, P1)
    tied_with: list[Tie] = told("Who shares the place, and why (кто делит место).", PUBLIC, P1)
    looks_equal: list[RatingEntryLater] = told(
        "Others whose shown per cent is the same, but whose place is not (тот же процент, другое место).", PUBLIC
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
