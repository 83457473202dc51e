"""Methodologies: versions as their authors wrote them, and the sections and levels that ratings refer to. Public."""

from datetime import date
from uuid import UUID

from sqlalchemy import UniqueConstraint

from domain.records.base import Public, Record, choice, key, reference, word
from domain.scoring.levels import Colour
from domain.scoring.methodology import Status


class Methodology(Record, table=True):
    """A version of a methodology (методика). `text` is the whole of it as TOML; once a rating used it, it stays."""

    __table_args__ = (UniqueConstraint("code", "version"),)

    id: Public[UUID] = key()
    code: Public[str]
    version: Public[str]
    digest: Public[str]
    status: Public[Status] = choice(Status)
    name: Public[str]
    english_name: Public[str]
    source: Public[str]
    valid_from: Public[date]
    text: Public[str]


class MethodologySection(Record, table=True):
    """Whatever places are given in: an indicator that is ranked alone, a group, the total. `maximum` is exact text."""

    __tablename__ = "methodology_section"
    __table_args__ = (UniqueConstraint("methodology_id", "code"),)

    id: Public[UUID] = key()
    methodology_id: Public[UUID] = reference("methodology.id", index=False)
    code: Public[str]
    position: Public[int]
    name: Public[str]
    english_name: Public[str]
    maximum: Public[str | None] = None


class MethodologyLevel(Record, table=True):
    """A level of effectiveness (уровень эффективности), lowest first. The colour is never its only meaning."""

    __tablename__ = "methodology_level"
    __table_args__ = (UniqueConstraint("methodology_id", "code"),)

    id: Public[UUID] = key()
    methodology_id: Public[UUID] = reference("methodology.id", index=False)
    code: Public[str]
    position: Public[int]
    name: Public[str]
    english_name: Public[str]
    colour: Public[Colour | None] = word(Colour)


class MethodologyInput(Record, table=True):
    """An indicator as a methodology counts it, in its group. `weight` and `maximum` are exact text."""

    __tablename__ = "methodology_input"
    __table_args__ = (UniqueConstraint("methodology_id", "indicator_id"),)

    id: Public[UUID] = key()
    methodology_id: Public[UUID] = reference("methodology.id", index=False)
    indicator_id: Public[UUID] = reference("indicator.id")
    position: Public[int]
    group_code: Public[str]
    name: Public[str]
    english_name: Public[str]
    weight: Public[str]
    maximum: Public[str | None] = None
