"""A methodology against itself: where its tables disagree, with the place. Nothing is corrected, everything is said."""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from domain.findings import Finding
from domain.scoring.findings import FindingCode
from domain.scoring.levels import Band, Bands, Bound, Interval
from domain.scoring.methodology import Group, Methodology, RatedIndicator, Section, Status
from domain.scoring.observations import Direction
from domain.scoring.points import Linear, Step, Steps
from domain.units import Points, round_half_up

WHOLE = Fraction(1)


def check_methodology(methodology: Methodology) -> tuple[Finding, ...]:
    """Give everything in a methodology that contradicts something else in it, in the order of its file."""
    checks: tuple[Callable[[Methodology], Iterable[Finding]], ...] = (
        _synthetic,
        _sums,
        _maxima_unknown,
        _percent_bands,
        _point_bands,
        _levels_by_percent,
        _rules,
    )
    return tuple(finding for check in checks for finding in check(methodology))


def percent_level(methodology: Methodology, percent: Fraction) -> Band | None:
    """Give the level of the percent as it is shown: rounded half up, once. None without percent bands or in a gap."""
    if methodology.percent_bands is None:
        return None
    shown = Fraction(round_half_up(percent, methodology.percent_places))
    found = methodology.percent_bands.containing(shown)
    return found[-1] if found else None


def exact_percents(methodology: Methodology, section: Section) -> Iterator[tuple[Band, Interval]]:
    """Give each percent band as the exact points of a section whose percent, rounded as it is shown, lies in it."""
    if methodology.percent_bands is None or section.maximum is None:
        return
    for band in methodology.percent_bands:
        lower, upper = band.values.lower, band.values.upper
        start = lower and _edge(methodology, section.maximum, lower, belongs=lower.inclusive, begins=True)
        end = upper and _edge(methodology, section.maximum, upper, belongs=not upper.inclusive, begins=False)
        yield band, Interval(start, end)


def possible_points(maximum: Points | None) -> Interval:
    """Give zero to the maximum, both included; without a maximum there is no upper end."""
    upper = None if maximum is None else Bound(maximum, inclusive=True)
    return Interval(Bound(Fraction(0), inclusive=True), upper)


def _edge(methodology: Methodology, maximum: Points, bound: Bound, *, belongs: bool, begins: bool) -> Bound:
    """Give the exact points from which on the shown percent has reached a bound (`belongs`) or passed it.

    Half up: 30 is shown from 29.5 on, and 29.5 itself is 30; below zero the half goes to the lower number.
    """
    unit = Fraction(1, 10**methodology.percent_places)
    first = -(-bound.value // unit) if belongs else bound.value // unit + 1
    edge = (first - Fraction(1, 2)) * unit
    return Bound(edge * maximum / 100, (edge > 0) is begins)


def points_beyond(place: str, points: Points, maximum: Points | None) -> Finding:
    """Name points below zero or above the maximum; they count as they are."""
    return Finding(
        FindingCode.POINTS_OUT_OF_RANGE,
        place,
        f"{points} points lie outside 0 to {maximum}; they count as they are.",
        f"{points} баллов вне пределов от 0 до {maximum}; учтены как есть.",
    )


def _synthetic(methodology: Methodology) -> Iterator[Finding]:
    if methodology.status is Status.SYNTHETIC:
        yield Finding(
            FindingCode.SYNTHETIC,
            methodology.code,
            "Invented points and maxima: this rating shows how the system works and says nothing about anybody.",
            "Баллы и максимумы вымышлены: этот рейтинг показывает работу системы и ни о ком ничего не говорит.",
        )


def _sums(methodology: Methodology) -> Iterator[Finding]:
    """Groups against the total (R4), indicators against their group."""
    groups = [(group.maximum, group.weight) for group in methodology.groups]
    yield from _sum_differs(FindingCode.GROUPS_SUM_NOT_TOTAL, "total.maximum", groups, methodology.total.maximum)
    for group in methodology.groups:
        indicators = [(indicator.maximum, indicator.weight) for indicator in group.indicators]
        place = f"{group.code}.maximum"
        yield from _sum_differs(FindingCode.INDICATORS_SUM_NOT_GROUP, place, indicators, group.maximum)


def _sum_differs(
    code: FindingCode, place: str, parts: Iterable[tuple[Points | None, Fraction]], whole: Points | None
) -> Iterator[Finding]:
    known = [(maximum, weight) for maximum, weight in parts if maximum is not None]
    total = sum((maximum * weight for maximum, weight in known), start=Fraction(0))
    if known and whole is not None and total != whole:
        yield Finding(
            code,
            place,
            f"The maxima of the parts add up to {total}, the maximum of the whole is {whole}.",
            f"Сумма максимумов частей {total}, максимум целого {whole}.",
        )


def _maxima_unknown(methodology: Methodology) -> Iterator[Finding]:
    for section in methodology.sections:
        if section.maximum is None:
            yield Finding(
                FindingCode.NO_MAXIMUM,
                f"{section.code}.maximum",
                "No maximum was published: there are places, but no percent.",
                "Максимум не опубликован: места есть, процента нет.",
            )


def _percent_bands(methodology: Methodology) -> Iterator[Finding]:
    if methodology.percent_bands is not None:
        step = Fraction(1, 10**methodology.percent_places)
        yield from _holes_and_overlaps(methodology.percent_bands, "percent", step, Fraction(100))


def _point_bands(methodology: Methodology) -> Iterator[Finding]:
    for section in methodology.sections:
        if section.bands is None:
            continue
        yield from _holes_and_overlaps(section.bands, f"{section.code}.bands", WHOLE, section.maximum)
        yield from _end_differs(section, section.bands)
        yield from _starts_elsewhere(methodology, section, section.bands)


def _holes_and_overlaps(bands: Bands, place: str, step: Fraction, end: Fraction | None) -> Iterator[Finding]:
    """Holes count where a value of this step can lie: between 7 and 8 no whole point is lost."""
    for overlap in bands.overlaps():
        yield _overlap(FindingCode.BANDS_OVERLAP, f"{place}.{overlap.second}", overlap.values)
    # The end is `_end_differs`' business: only what lies below the last band's upper bound is a hole.
    last = max((band.values.upper.value for band in bands if band.values.upper), default=end)
    within = Interval(Bound(Fraction(0), inclusive=True), None if last is None else Bound(last, inclusive=True))
    for gap in bands.gaps(within):
        if gap.holds_multiple_of(step):
            yield _gap(FindingCode.BANDS_GAP, place, gap)


def _overlap(code: FindingCode, place: str, values: Interval) -> Finding:
    return Finding(code, place, f"Two bands take {values}.", f"Значения {values} попадают в две полосы.")


def _gap(code: FindingCode, place: str, values: Interval) -> Finding:
    return Finding(code, place, f"No band takes {values}.", f"Значения {values} не попадают ни в одну полосу.")


def _end_differs(section: Section, bands: Bands) -> Iterator[Finding]:
    last = bands.bands[-1]
    if section.maximum is not None and last.values.upper and last.values.upper.value != section.maximum:
        yield Finding(
            FindingCode.BANDS_END_NOT_MAXIMUM,
            f"{section.code}.bands.{last.code}",
            f"The bands end at {last.values.upper.value}, the maximum is {section.maximum}.",
            f"Полосы кончаются на {last.values.upper.value}, максимум {section.maximum}.",
        )


def _starts_elsewhere(methodology: Methodology, section: Section, bands: Bands) -> Iterator[Finding]:
    """A band should start where its percent starts, of the maximum, rounded half up to whole points (R5)."""
    if methodology.percent_bands is None or section.maximum is None:
        return
    starts = {band.code: band.values.lower.value for band in methodology.percent_bands if band.values.lower}
    for band in bands:
        if band.values.lower is None or band.code not in starts:
            continue
        exact_start = starts[band.code] * section.maximum / 100
        if band.values.lower.value not in {exact_start, Fraction(round_half_up(exact_start))}:
            yield Finding(
                FindingCode.BAND_STARTS_ELSEWHERE,
                f"{section.code}.bands.{band.code}",
                f"The band starts at {band.values.lower.value}; {starts[band.code]} % of the maximum is {exact_start}.",
                f"Полоса начинается с {band.values.lower.value}; {starts[band.code]} % максимума - {exact_start}.",
            )


def _levels_by_percent(methodology: Methodology) -> Iterator[Finding]:
    """Each whole number of points: is its level by points the level of its rounded percent (R5)?"""
    for section in methodology.sections:
        if section.bands is None or section.maximum is None:
            continue
        for points in range(int(section.maximum) + 1):
            yield from level_disagreement(methodology, section, Fraction(points), f"{section.code}.{points}")


def level_disagreement(
    methodology: Methodology, section: Section, points: Points, place: str, maximum: Points | None = None
) -> Iterator[Finding]:
    """Name the two levels where points and rounded percent disagree; `maximum` stands in for the section's own."""
    whole = maximum or section.maximum
    if section.bands is None or whole is None:
        return
    percent = 100 * points / whole
    by_points, by_percent = section.bands.reached(points), percent_level(methodology, percent)
    if by_points and by_percent and by_points.code != by_percent.code:
        yield Finding(
            FindingCode.PERCENT_LEVEL_DISAGREES,
            place,
            f"{points} points are {by_points.english}, but {percent} % of {whole} would be {by_percent.english}.",
            f"{points} баллов - «{by_points.russian}», но {percent} % от {whole} - «{by_percent.russian}».",
        )


def _rules(methodology: Methodology) -> Iterator[Finding]:
    for group in methodology.groups:
        for indicator in group.indicators:
            yield from _direction(group, indicator)
            if isinstance(indicator.rule, Steps):
                yield from _steps(group, indicator, indicator.rule)


def _direction(group: Group, indicator: RatedIndicator) -> Iterator[Finding]:
    """Points must rise in the direction that is better (an inverted indicator is the classic mistake)."""
    match indicator.rule:
        case Linear(zero_at=zero_at, full_at=full_at):
            rises, falls = full_at > zero_at, full_at < zero_at
        case Steps(steps=steps):
            points = [step.points for step in steps]
            rises, falls = points != sorted(points, reverse=True), points != sorted(points)
        case _:
            return
    if falls if indicator.direction is Direction.HIGHER_IS_BETTER else rises:
        yield Finding(
            FindingCode.POINTS_AGAINST_DIRECTION,
            f"{group.code}.{indicator.code}.points",
            f"{indicator.direction}, yet better values earn fewer points.",
            "Лучшие значения показателя приносят меньше баллов.",
        )


def _steps(group: Group, indicator: RatedIndicator, rule: Steps) -> Iterator[Finding]:
    place = f"{group.code}.{indicator.code}.points"
    bands = _bands_of(rule.steps)
    for overlap in bands.overlaps():
        yield _overlap(FindingCode.STEPS_OVERLAP, f"{place}[{int(overlap.second) + 1}]", overlap.values)
    for gap in bands.gaps():
        yield _gap(FindingCode.STEPS_GAP, place, gap)
    highest = max(step.points for step in rule.steps)
    if indicator.maximum is not None and highest != indicator.maximum:
        yield Finding(
            FindingCode.STEPS_END_NOT_MAXIMUM,
            place,
            f"The steps earn at most {highest} points, the maximum is {indicator.maximum}.",
            f"Шаги дают не больше {highest} баллов, максимум {indicator.maximum}.",
        )


def _bands_of(steps: Iterable[Step]) -> Bands:
    return Bands(tuple(Band(str(place), step.values, "", "") for place, step in enumerate(steps)))
