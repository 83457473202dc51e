"""Achievements: olympiads and competitions in which a student took part, and how far they got."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint

from domain.records.base import ClassGroupId, OrganisationId, Personal, PersonId, choice, key, reference
from domain.records.recorded import Recorded


class AchievementKind(StrEnum):
    """What it was."""

    OLYMPIAD = "OLYMPIAD"
    COMPETITION = "COMPETITION"
    CONFERENCE = "CONFERENCE"
    SPORT = "SPORT"


class AchievementLevel(StrEnum):
    """How wide the circle of those who took part was."""

    SCHOOL = "SCHOOL"
    MUNICIPAL = "MUNICIPAL"
    REGIONAL = "REGIONAL"
    FEDERAL = "FEDERAL"
    INTERNATIONAL = "INTERNATIONAL"


class AchievementResult(StrEnum):
    """How far the student got."""

    WINNER = "WINNER"
    PRIZE = "PRIZE"
    PARTICIPANT = "PARTICIPANT"


class Achievement(Recorded, table=True):
    """An achievement of a student, with the school and class they were in then."""

    __table_args__ = (CheckConstraint("place is null or place > 0", name="achievement_place"),)

    id: Personal[UUID] = key()
    student_id: PersonId = reference("person.id")
    organisation_id: OrganisationId = reference("organisation.id")
    class_group_id: ClassGroupId | None = reference("class_group.id", nullable=True)
    kind: Personal[AchievementKind] = choice(AchievementKind)
    level: Personal[AchievementLevel] = choice(AchievementLevel)
    result: Personal[AchievementResult] = choice(AchievementResult)
    title: Personal[str]
    place: Personal[int | None] = None
    happened_on: Personal[date]
    document: Personal[str | None] = None
