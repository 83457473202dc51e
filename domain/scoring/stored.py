"""A rating as rows to be stored: exact numbers as two whole ones, texts as they are shown, doubts with entries."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid5

from domain.catalogue.ids import level_id
from domain.findings import Finding
from domain.scoring.entries import Entry
from domain.scoring.findings import FindingCode
from domain.scoring.rating import Rating
from domain.units import round_half_up

POINTS_PLACES = 2
Values = dict[str, Any]


@dataclass(frozen=True)
class StoredRating:
    """Values of the three tables; `organisations` are the ids of the names that the rating goes by."""

    rating: Rating
    identifier: UUID
    organisations: Mapping[str, UUID]

    def figures(self) -> Values:
        """What the row of the rating says about what it was made from, with its bytes."""
        version, canonical = self.rating.version, self.rating.canonical()
        return {
            "methodology_digest": version.methodology_digest,
            "inputs_digest": version.inputs_digest,
            "canonical": canonical,
            "digest": hashlib.sha256(canonical).hexdigest(),
        }

    def entries(self) -> Iterator[Values]:
        """Rows of the entries, section by section, first place first."""
        for number, section in enumerate(self.rating.methodology.sections, start=1):
            table = self.rating.table(section.code)
            sharing = Counter(entry.rank for entry in table)
            for position, entry in enumerate(table, start=1):
                tied = sharing[entry.rank] if entry.rank else 0
                place = {"section_position": number, "position": position, "tied": tied}
                yield self._entry(entry) | place

    def remarks(self) -> Iterator[Values]:
        """Rows of what is doubtful, about the whole and then about entries."""
        found = [(None, finding) for finding in self.rating.findings]
        found += [(self._id(entry), finding) for entry in self.rating.entries for finding in entry.findings]  # type: ignore[misc]
        for position, (entry_id, finding) in enumerate(found, start=1):
            identifier = uuid5(self.identifier, f"remark/{position}")
            yield {"id": identifier, "rating_id": self.identifier, "entry_id": entry_id, "position": position} | _said(
                finding
            )

    def _entry(self, entry: Entry) -> Values:
        how = self.rating.methodology
        return {
            "id": self._id(entry),
            "rating_id": self.identifier,
            "section": entry.section,
            "organisation_id": self.organisations[entry.organisation],
            "rated_name": entry.organisation,
            **in_two("points", entry.points),
            **in_two("maximum", entry.maximum),
            **in_two("percent", entry.percent),
            "points_shown": shown(entry.points),
            "percent_shown": self.rating.shown_percent(entry),
            "level_id": level_id(how.code, how.version, entry.level.code) if entry.level else None,
            "rank": entry.rank,
            "known": entry.known,
            "needed": entry.needed,
        }

    def _id(self, entry: Entry) -> UUID:
        return uuid5(self.identifier, f"{entry.section}/{self.organisations[entry.organisation]}")


def in_two(name: str, value: Fraction | None) -> Values:
    """Give an exact number as the two columns that keep it."""
    numerator = None if value is None else Decimal(value.numerator)
    denominator = None if value is None else Decimal(value.denominator)
    return {f"{name}_numerator": numerator, f"{name}_denominator": denominator}


def of_two(numerator: Decimal | None, denominator: Decimal | None) -> Fraction | None:
    """Give the exact number that two columns keep."""
    return None if numerator is None or denominator is None else Fraction(int(numerator), int(denominator))


def shown(value: Fraction | None, places: int = POINTS_PLACES) -> str | None:
    """Give a number as it is shown: rounded half up once, without zeros at the end."""
    if value is None:
        return None
    text = f"{round_half_up(value, places):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def names_of(organisations: Iterable[tuple[UUID, str]]) -> dict[UUID, str]:
    """Give each organisation a name of its own: where several are called alike, the id stands behind."""
    listed = list(organisations)
    called = Counter(name for _, name in listed)
    return {identifier: name if called[name] == 1 else f"{name} [{identifier}]" for identifier, name in listed}


def _said(finding: Finding) -> Values:
    """Ratings are public, their inputs are not: of one input it is said that it is doubtful, and not its number."""
    if finding.code is FindingCode.POINTS_OUT_OF_RANGE and finding.place.startswith("inputs."):
        english = "The points of this input are less than nothing or more than it can earn; they count as they are."
        russian = "Баллы этого показателя меньше нуля или больше возможного; учтены как есть."
        finding = replace(finding, english=english, russian=russian)
    return {
        "code": finding.code.value,
        "place": finding.place,
        "message": finding.russian,
        "english_message": finding.english,
    }
