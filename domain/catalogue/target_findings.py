"""Contradictions among targets and baselines: found in whatever is loaded, each named with its place."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from fractions import Fraction
from itertools import combinations, pairwise
from typing import TypeVar

from domain.catalogue.findings import CatalogueFindingCode
from domain.catalogue.indicators import Direction, Indicators
from domain.catalogue.targets import Baseline, Target, Targets
from domain.findings import Finding

Item = TypeVar("Item")
Code = CatalogueFindingCode


def target_findings(targets: Targets, indicators: Indicators) -> Iterator[Finding]:
    """Report everything that a reader of the targets must know. Source: domain rules R18 to R20."""
    yield from _unknown(targets, indicators)
    for indicator, of_indicator in grouped(targets.targets, lambda target: target.indicator):
        yield from _wordings(indicator, of_indicator)
        yield from _several_acts(indicator, of_indicator)
        for _, series in grouped(of_indicator, lambda target: target.source):
            yield from _series(series, falls_short(indicators, indicator))
        for _, same_year in grouped(of_indicator, lambda target: target.year):
            yield from _same_year(same_year)
    for baseline in targets.baselines:
        yield from _above_target(baseline, targets, falls_short(indicators, baseline.indicator))
    yield from _baselines(targets, indicators)


def grouped(items: Iterable[Item], key: Callable[[Item], Hashable]) -> list[tuple[str, list[Item]]]:
    """Put items with the same key together, in the order of their first."""
    groups: dict[Hashable, list[Item]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return [(str(name), members) for name, members in groups.items()]


def falls_short(indicators: Indicators, code: str) -> Callable[[Target, Fraction], bool]:
    """Tell how a target asks for less than a value: below it, or above it where lower is better."""
    lower_is_better = code in indicators and indicators[code].direction is Direction.LOWER_IS_BETTER
    sign = -1 if lower_is_better else 1
    return lambda target, value: sign * target.value < sign * value


def _unknown(targets: Targets, indicators: Indicators) -> Iterator[Finding]:
    for code in dict.fromkeys(target.indicator for target in targets.targets):
        if code not in indicators:
            yield Finding(
                Code.INDICATOR_UNKNOWN,
                f"targets/{code}",
                f"{code} has targets but is no indicator of the catalogue.",
                f"{code}: цели есть, а показателя в каталоге нет.",
            )


def _series(series: list[Target], short: Callable[[Target, Fraction], bool]) -> Iterator[Finding]:
    """One indicator by one act: years in order, no year twice, nothing missing between the first and the last."""
    ordered = sorted(series, key=lambda target: target.year)
    place = f"targets/{ordered[0].indicator}/{ordered[0].source}"
    for earlier, later in pairwise(ordered):
        if earlier.year == later.year:
            yield _twice(place, later)
        elif short(later, earlier.value):
            yield Finding(
                Code.TARGET_FALLS,
                f"{place}/{later.year}",
                f"{later.value} in {later.year} asks for less than {earlier.value} in {earlier.year}.",
                f"Цель {later.year} года ({later.value}) слабее цели {earlier.year} года ({earlier.value}).",
            )
    years = {target.year for target in ordered}
    if missing := [year for year in range(min(years), max(years)) if year not in years]:
        listed = ", ".join(map(str, missing))
        yield Finding(
            Code.YEARS_MISSING,
            place,
            f"No target for {listed}: nothing is planned there, which is not zero.",
            f"Нет целей на {listed}: значение отсутствует (это не ноль).",
        )


def _twice(place: str, target: Target) -> Finding:
    return Finding(
        Code.TARGET_TWICE,
        f"{place}/{target.year}",
        f"The same act has two targets for {target.year}.",
        f"Один акт содержит две цели на {target.year} год.",
    )


def _same_year(targets: list[Target]) -> Iterator[Finding]:
    """One indicator in one year by several acts: value against value, firm against reference."""
    for first, second in combinations(targets, 2):
        place = f"targets/{first.indicator}/{first.year}/{first.source}/{second.source}"
        acts = f"{first.source}, {second.source}"
        if first.source != second.source and first.value != second.value:
            yield Finding(
                Code.TARGETS_DIFFER,
                place,
                f"The targets differ: {first.source} says {first.value}, {second.source} says {second.value}.",
                f"Цели различаются: {first.source} — {first.value}, {second.source} — {second.value}.",
            )
        if first.source != second.source and first.status is not second.status:
            yield Finding(
                Code.STATUSES_DIFFER,
                place,
                f"Firm by one act and reference-only by another ({acts}).",
                f"В одном акте цель твёрдая, в другом — справочная ({acts}).",
            )


def _several_acts(indicator: str, targets: list[Target]) -> Iterator[Finding]:
    acts = list(dict.fromkeys(target.source for target in targets))
    if len(acts) > 1:
        listed = ", ".join(acts)
        yield Finding(
            Code.ONE_INDICATOR_SEVERAL_ACTS,
            f"targets/{indicator}",
            f"One indicator with several sources: {listed}.",
            f"Один показатель, несколько источников: {listed}.",
        )


def _wordings(indicator: str, targets: list[Target]) -> Iterator[Finding]:
    wordings = dict.fromkeys(target.wording for target in targets if target.wording)
    if len(wordings) > 1:
        yield Finding(
            Code.WORDINGS_DIFFER,
            f"targets/{indicator}",
            f"The acts word this indicator in {len(wordings)} ways; we read them as one.",
            f"В актах {len(wordings)} формулировки этого показателя; мы считаем их одним показателем.",
        )


def _above_target(baseline: Baseline, targets: Targets, short: Callable[[Target, Fraction], bool]) -> Iterator[Finding]:
    for target in targets.of(baseline.indicator):
        if target.source == baseline.source and short(target, baseline.value):
            yield Finding(
                Code.BASELINE_ABOVE_TARGET,
                f"targets/{target.indicator}/{target.source}/{target.year}",
                f"The target of {target.year} ({target.value}) asks for less than "
                f"the baseline of {baseline.on} ({baseline.value}).",
                f"Цель {target.year} года ({target.value}) слабее базового значения {baseline.on} ({baseline.value}).",
            )


def _baselines(targets: Targets, indicators: Indicators) -> Iterator[Finding]:
    """Baselines of what goes by one name: the same indicator, or two that a reader takes for one."""
    for name, sharing in grouped(targets.baselines, lambda baseline: _common_name(baseline.indicator, indicators)):
        for first, second in combinations(sharing, 2):
            if first.value != second.value:
                yield Finding(
                    Code.BASELINES_DIFFER,
                    f"baselines/{first.indicator}/{second.indicator}",
                    f"Two baselines under one name ({name}): {first.value} ({first.source}, {first.on}) "
                    f"and {second.value} ({second.source}, {second.on}).",
                    f"Два базовых значения под одним названием ({name}): {first.value} ({first.source}, {first.on}) "
                    f"и {second.value} ({second.source}, {second.on}).",
                )


def _common_name(code: str, indicators: Indicators) -> str:
    return (indicators[code].same_name if code in indicators else None) or code
