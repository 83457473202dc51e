"""Ratings as they were stored: versions and their state, entries in the order of places, and what is doubtful."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, cast

import strawberry
from sqlalchemy import ColumnElement, select
from sqlmodel import col
from strawberry.types import Info

from auth.permissions import Permission as P
from domain import records
from domain.records.ratings import RatingState
from domain.sensitivity import Sensitivity
from schema.engine.access.rule import PUBLIC, Access
from schema.engine.enums import explained
from schema.engine.mapping.declare import column, computed, derived, filters, many, mapped, mapping_of, one, page
from schema.engine.mapping.ids import require_id
from schema.engine.mapping.pages import Connection
from schema.engine.mapping.reference import require_key
from schema.engine.mapping.rows import row_of
from schema.engine.node import Node
from schema.engine.scalars import Exact
from schema.engine.typed_texts import plain
from schema.figures.exact_numbers import both, exact_text
from schema.figures.explanations import Explanation, explanation
from schema.figures.indicators import ENGLISH
from schema.figures.methodologies import Methodology, MethodologyLevel
from schema.figures.robustness import RankInterval, interval_of
from schema.named_later import OrganisationLater
from schema.organisations.kinds import OrganisationKind

if TYPE_CHECKING:
    from schema.engine.context import Context

SEED = "Seed of the draws (начальное число): the same seed gives the same answer."
DRAWS = "How many draws (число розыгрышей), 1 to 1000."
RULE = Access(P.RATING_SEE, public=True, unpublished=P.RATING_DRAFT_SEE)
"""Published ratings are public; before that, and once withdrawn, those see them who answer for them."""

explained(
    RatingState,
    "How far a rating has come (состояние рейтинга).",
    DRAFT="Computed, and not published yet (черновик): seen by those who answer for it.",
    PUBLISHED="Published by another person than had it computed (опубликован): everybody sees it.",
    WITHDRAWN="Taken back with a reason (отозван): seen by those who answer for it.",
)


@mapped(records.RatingRemark, "A doubt about a rating or an entry (предупреждение), with its place.", RULE)
class RatingRemark(Node):
    """A remark."""

    code: str = column("Stable code, for programs (код).")
    place: str = column("Where, as a path such as `conditions.bands.HIGH` (место).")
    message: str = column("In Russian (сообщение).")
    english_message: str = column(ENGLISH)


@mapped(
    records.RatingEntry,
    "The place of an organisation in a section of a rating (строка рейтинга). Numbers are exact; null: no data.",
    RULE,
)
class RatingEntry(Node):
    """An entry."""

    section: str = column("Code of the section (раздел).")
    section_position: int = column("Order of the section (порядок раздела).")
    position: int = column("Order in the section, from the first place down (порядок).")
    rated_name: str = column("Name under which it was rated (название в рейтинге).")
    points: Exact | None = derived("Points, exact (баллы).", exact_text("points"), *both("points"))
    points_shown: str | None = column("Points as they are shown: rounded half up once (баллы для показа).")
    maximum: Exact | None = derived(
        "What the known inputs could have earned (максимум).", exact_text("maximum"), *both("maximum")
    )
    percent: Exact | None = derived(
        "Points of the maximum in per cent, exact (процент).", exact_text("percent"), *both("percent")
    )
    percent_shown: str | None = column("Per cent as it is shown (процент для показа).")
    rank: int | None = column("Place (место): dense, on exact points, 1 is best; null: no place for want of data.")
    tied: int = column("How many share the place, itself included (сколько делят место).")
    known: int = column("How many inputs were known (известно показателей).")
    needed: int = column("How many there are (всего показателей).")
    level: MethodologyLevel | None = one("Level of effectiveness (уровень).", by=records.RatingEntry.level_id)
    organisation: OrganisationLater | None = one("Who was rated (организация).", by=records.RatingEntry.organisation_id)
    rating: "Rating | None" = one("In which rating (рейтинг).", by=records.RatingEntry.rating_id)
    remarks: list[RatingRemark] | None = many(
        "What is doubtful about this entry (предупреждения).",
        by=records.RatingRemark.entry_id,
        order=("position", "id"),
        usually=3,
    )

    @computed(
        "Why it stands where it stands, and what would move it (объяснение места); inputs that you may not see are"
        " withheld.",
        PUBLIC,
        sensitivity=Sensitivity.P1,
        cost=50,
    )
    async def explanation(self, info: Info) -> Explanation | None:
        return await explanation(cast("Context", info.context), row_of(self))

    @computed(
        "How firm the place is (устойчивость места): places over many draws with other weights and noise in the"
        " inputs.",
        Access(P.RATING_SUPPOSE),
        sensitivity=Sensitivity.P1,
        cost=500,
    )
    async def robustness(
        self,
        info: Info,
        draws: Annotated[int, strawberry.argument(description=DRAWS)] = 200,
        seed: Annotated[int, strawberry.argument(description=SEED)] = 1,
    ) -> RankInterval | None:
        return await interval_of(cast("Context", info.context), row_of(self), draws, seed)


@filters(
    section=("section", "Of this section (раздел)."),
    level=("level", "With the level of this code (уровень)."),
    organisation=("organisation", "Of this organisation (организация)."),
    rank=("rank", "On this place (место)."),
)
def _entries(
    row: type[records.RatingEntry],
    section: str | None = None,
    level: str | None = None,
    organisation: strawberry.ID | None = None,
    rank: int | None = None,
) -> Iterator[ColumnElement[bool]]:
    if section is not None:
        yield col(row.section) == plain(section)
    if level is not None:
        of_code = select(col(records.MethodologyLevel.id)).where(col(records.MethodologyLevel.code) == plain(level))
        yield col(row.level_id).in_(of_code)
    if organisation is not None:
        yield col(row.organisation_id) == require_id("Organisation", organisation)
    if rank is not None:
        yield col(row.rank) == rank


@filters(
    section=("section", "Of this section (раздел)."),
    rating=("rating", "Of this rating (рейтинг)."),
)
def entries_of_organisation(
    row: type[records.RatingEntry], section: str | None = None, rating: strawberry.ID | None = None
) -> Iterator[ColumnElement[bool]]:
    """Filters of an organisation's entries."""
    if section is not None:
        yield col(row.section) == plain(section)
    if rating is not None:
        yield col(row.rating_id) == require_key(mapping_of(Rating), rating)


@filters()
def _about_the_whole(row: type[records.RatingRemark]) -> Iterator[ColumnElement[bool]]:
    yield col(row.entry_id).is_(None)


@mapped(
    records.Rating,
    "One version of a rating (рейтинг): everybody's place, and what it was made from and when.",
    RULE,
)
class Rating(Node):
    """A rating."""

    methodology_code: str = column("Code of the methodology, of whatever version (код методики).")
    period: str = column("Period that it is about, as ISO 8601 writes it (период).")
    rated_kind: OrganisationKind = column("What was rated (кого).")
    version: int = column("Number of the version, from 1 (номер версии).")
    known_at: datetime = column("It was made from what was known at this moment (по данным на момент).")
    created_at: datetime = column("When it was computed (когда рассчитан).")
    digest: str = column("SHA-256 of its bytes: equal digests, equal ratings (отпечаток).")
    inputs_digest: str = column("SHA-256 of its inputs (отпечаток исходных данных).")
    state: RatingState = column("How far it has come (состояние): everybody sees those that are PUBLISHED.")
    decided_at: datetime | None = column(
        "When it was published or withdrawn (когда опубликован или отозван); null of a draft, and of ratings stored"
        " before there were decisions."
    )
    withdrawn_because: str | None = column("Why it was withdrawn (основание отзыва); null when it was not.")
    methodology: Methodology | None = one("By which methodology (методика).", by=records.Rating.methodology_id)
    region: OrganisationLater | None = one(
        "In which region (регион); null: the regions themselves were rated.", by=records.Rating.region_id
    )
    previous: "Rating | None" = one(
        "The version that was published before (предыдущая версия); of a draft, the one that stood before.",
        by=records.Rating.previous_id,
    )
    entries: Connection[RatingEntry] | None = page(
        "Entries, section by section in the order of places (строки рейтинга).",
        by=records.RatingEntry.rating_id,
        order=("section_position", "position", "id"),
        where=_entries,
    )
    warnings: list[RatingRemark] | None = many(
        "Doubts and contradictions, each with its place (предупреждения); at most 1000.",
        by=records.RatingRemark.rating_id,
        order=("position", "id"),
        most=1000,
        where=_about_the_whole,
        usually=20,
    )
