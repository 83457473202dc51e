"""A rating against what was published: every place, percent and sum that differs is named, none is hidden."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from domain.findings import Finding
from domain.scoring.entries import Entry
from domain.scoring.findings import FindingCode
from domain.scoring.rating import Rating
from domain.units import Points


class Published(NamedTuple):
    """A row of a published table: `percent` as printed (rounded); None for what the table does not tell."""

    section: str
    organisation: str
    rank: int | None = None
    percent: int | Decimal | None = None
    points: Points | None = None


def compare_with_published(rating: Rating, published: Iterable[Published]) -> tuple[Finding, ...]:
    """Give every difference, in the order of the published rows, then whom they leave out.

    A published total that disagrees with its own group points shows here as PUBLISHED_DIFFERS in the section `total`
    (domain rule R4). A section of which nothing was published is not compared.
    """
    rows = list(published)
    differences = [finding for row in rows for finding in _differences(rating, row)]
    return (*differences, *_left_out(rating, rows))


def _differences(rating: Rating, row: Published) -> Iterator[Finding]:
    place = f"{row.section}.{row.organisation}"
    try:
        entry = rating.entry(row.section, row.organisation)
    except KeyError:
        english, russian = "Published, but there is no input for it.", "Опубликовано, но исходных данных нет."
        yield Finding(FindingCode.NOT_RATED, place, english, russian)
        return
    for name, printed, ours in _compared(rating, row, entry):
        if printed is not None and printed != ours:
            yield Finding(
                FindingCode.PUBLISHED_DIFFERS,
                f"{place}.{name}",
                f"Published {printed}, computed {ours}.",
                f"Опубликовано {printed}, вычислено {ours}.",
            )


def _compared(rating: Rating, row: Published, entry: Entry) -> Iterator[tuple[str, object, object]]:
    shown = rating.shown_percent(entry)
    yield "rank", row.rank, entry.rank
    yield "percent", row.percent, None if shown is None else Decimal(shown)
    yield "points", row.points, entry.points


def _left_out(rating: Rating, rows: Iterable[Published]) -> Iterator[Finding]:
    printed = {(row.section, row.organisation) for row in rows}
    for section in rating.methodology.sections:
        if not any(section.code == published for published, _ in printed):
            continue
        for entry in rating.table(section.code):
            if entry.rank is not None and (section.code, entry.organisation) not in printed:
                place = f"{section.code}.{entry.organisation}"
                english, russian = "Has a place, but was not published.", "Место есть, но в публикации отсутствует."
                yield Finding(FindingCode.NOT_PUBLISHED, place, english, russian)
