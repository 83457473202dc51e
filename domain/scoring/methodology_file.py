"""Methodologies as TOML: read strictly, so that a slip of the pen is an error with its place and not another rating."""

import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

from domain.scoring.levels import Band, Bands, Colour, Interval
from domain.scoring.methodology import TOTAL, Group, Methodology, Missing, RatedIndicator, Section, Status
from domain.scoring.observations import Direction
from domain.scoring.points import AsGiven, Linear, PointsRule, Step, Steps
from domain.scoring.ranking import Ties
from domain.scoring.toml_table import BadMethodology, TomlTable

FOLDER = Path(__file__).with_name("methodologies")
SYNTHETIC_PREFIX = "synthetic-"
Made = TypeVar("Made")


def methodologies() -> Mapping[tuple[str, str], Methodology]:
    """Read all versions that are shipped, by code and version."""
    read = [parse_methodology(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))]
    return {(methodology.code, methodology.version): methodology for methodology in read}


def parse_methodology(text: str) -> Methodology:
    """Read one version from TOML. BadMethodology with its place for anything that cannot be meant."""
    try:
        values = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise BadMethodology(f"TOML: {error}", "cannot be read", "не читается") from error
    methodology = _methodology(TomlTable(values))
    _check_codes(methodology)
    _check_status(methodology)
    _check_missing_rule(methodology)
    return methodology


def _methodology(table: TomlTable) -> Methodology:
    levels = _levels(table)
    methodology = Methodology(
        code=table.text("code"),
        version=table.text("version"),
        status=table.choice("status", Status),
        russian=table.text("russian"),
        english=table.text("english"),
        source=table.text("source"),
        valid_from=table.take("valid_from", date),
        missing=table.choice("missing", Missing),
        minimum_coverage=table.number_or("minimum_coverage", Fraction(1)),
        ties=table.choice("ties", Ties, Ties.DENSE),
        percent_places=table.take("percent_places", int) if table.has("percent_places") else 0,
        percent_bands=_bands(table, "percent", levels),
        groups=tuple(_group(group, levels) for group in table.tables("group")),
        total=_total(TomlTable(table.take("total", dict), TOTAL), levels),
    )
    table.end()
    return methodology


def _levels(table: TomlTable) -> Mapping[str, Band]:
    """Read names and colours of the levels; where each begins and ends is each section's own business."""
    if not table.has("level"):
        return {}
    return {band.code: band for band in map(_level, table.tables("level"))}


def _level(level: TomlTable) -> Band:
    colour = level.choice("colour", Colour) if level.has("colour") else None
    band = Band(level.text("code"), Interval(), level.text("russian"), level.text("english"), colour)
    level.end()
    return band


def _bands(table: TomlTable, key: str, levels: Mapping[str, Band]) -> Bands | None:
    """Read `code = ">= 0, <= 7"` for each level, lowest first."""
    if not table.has(key):
        return None
    place = table.at(key)
    bands = [_band(place, code, values, levels) for code, values in table.take(key, dict).items()]
    return _of_domain(place, lambda: Bands(tuple(bands)))


def _band(place: str, code: str, values: Any, levels: Mapping[str, Band]) -> Band:
    if code not in levels:
        raise BadMethodology(f"{place}.{code}", "is not a level", "такого уровня нет")
    level = levels[code]
    interval = _of_domain(f"{place}.{code}", lambda: Interval.parse(str(values)))
    return Band(code, interval, level.russian, level.english, level.colour)


def _group(table: TomlTable, levels: Mapping[str, Band]) -> Group:
    group = Group(
        code=table.text("code"),
        russian=table.text("russian"),
        english=table.text("english"),
        maximum=table.maximum(),
        bands=_bands(table, "bands", levels),
        weight=table.positive("weight") if table.has("weight") else Fraction(1),
        indicators=tuple(_indicator(indicator) for indicator in table.tables("indicator")),
    )
    table.end()
    return group


def _total(table: TomlTable, levels: Mapping[str, Band]) -> Section:
    total = Section(TOTAL, "Всего", "Total", table.maximum(), _bands(table, "bands", levels))
    table.end()
    return total


def _indicator(table: TomlTable) -> RatedIndicator:
    maximum = table.maximum()
    indicator = RatedIndicator(
        code=table.text("code"),
        russian=table.text("russian"),
        english=table.text("english"),
        rule=_rule(table, maximum),
        direction=table.choice("direction", Direction, Direction.HIGHER_IS_BETTER),
        maximum=maximum,
        weight=table.positive("weight") if table.has("weight") else Fraction(1),
        ranked=table.take("ranked", bool) if table.has("ranked") else False,
    )
    table.end()
    return indicator


def _rule(table: TomlTable, maximum: Fraction | None) -> PointsRule:
    """Read `points`: "AS_GIVEN", a list of steps, or the two ends of a line."""
    match table.left.get("points"):
        case "AS_GIVEN":
            table.take("points", str)
            return AsGiven()
        case [_, *_]:
            return _steps(table)
        case {}:
            return _line(TomlTable(table.take("points", dict), table.at("points")), maximum)
    raise BadMethodology(table.at("points"), "is no rule for points", "это не правило начисления баллов")


def _steps(table: TomlTable) -> Steps:
    steps = tuple(_step(step) for step in table.tables("points"))
    # The same order as of any bands: lowest values first.
    _of_domain(table.at("points"), lambda: Bands(tuple(Band(str(n), s.values, "", "") for n, s in enumerate(steps))))
    return Steps(steps)


def _step(table: TomlTable) -> Step:
    values = _of_domain(table.at("values"), lambda: Interval.parse(table.text("values")))
    step = Step(values, table.number("points"))
    table.end()
    return step


def _line(table: TomlTable, maximum: Fraction | None) -> Linear:
    if maximum is None:
        raise BadMethodology(table.place, "a line needs the indicator's maximum", "нужен максимум показателя")
    zero_at, full_at = table.number("zero_at"), table.number("full_at")
    if zero_at == full_at:
        raise BadMethodology(table.place, "both ends are the same value", "концы отрезка совпадают")
    table.end()
    return Linear(zero_at, full_at, maximum)


def _of_domain(place: str, make: Callable[[], Made]) -> Made:
    """Give what `make` gives; its ValueError is a BadMethodology of this place."""
    try:
        return make()
    except ValueError as error:
        raise BadMethodology(place, str(error), f"неверные границы ({error})") from error


def _check_codes(methodology: Methodology) -> None:
    """Sections and indicators share one space of codes: places are asked for by code."""
    codes = Counter(
        [TOTAL, *(group.code for group in methodology.groups), *(item.code for item in methodology.indicators)]
    )
    for code, count in codes.items():
        if count > 1:
            raise BadMethodology(code, "stands twice", "код повторяется")
    for group in methodology.groups:
        if not group.indicators:
            raise BadMethodology(f"group[{group.code}]", "has no indicators", "нет показателей")


def _check_status(methodology: Methodology) -> None:
    """What is invented says so in its code, wherever that is printed."""
    if (methodology.status is Status.SYNTHETIC) != methodology.code.startswith(SYNTHETIC_PREFIX):
        raise BadMethodology(
            "code",
            f'exactly the codes of SYNTHETIC methodologies begin with "{SYNTHETIC_PREFIX}"',
            f"с «{SYNTHETIC_PREFIX}» начинаются коды только вымышленных (SYNTHETIC) методик, и всех их",
        )


def _check_missing_rule(methodology: Methodology) -> None:
    """A share of what is known can be told only where every maximum is known."""
    if not 0 < methodology.minimum_coverage <= 1:
        raise BadMethodology("minimum_coverage", "must be above 0 and at most 1", "нужно больше 0 и не больше 1")
    if methodology.missing is Missing.OF_THE_KNOWN:
        maxima = [(owner.code, owner.maximum) for owner in methodology.sections]
        for code, maximum in (*maxima, *((owner.code, owner.maximum) for owner in methodology.indicators)):
            if maximum is None:
                raise BadMethodology(code, "OF_THE_KNOWN needs every maximum", "для OF_THE_KNOWN нужны все максимумы")
