"""How firm places are: the same rating drawn again under other weights, maxima, roundings, indicators and noise.

Floating point belongs here and nowhere else: a draw is a supposition, not a result. The same seed gives the same
draws, whatever the number of workers.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from domain.errors import BadUserInput
from domain.scoring.methodology import Methodology, Missing, Part
from domain.scoring.ranking import Ties
from domain.scoring.rating import Rating

if TYPE_CHECKING:
    import numpy as np

    Floats: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
    Ranks: TypeAlias = np.ndarray[Any, np.dtype[np.integer[Any]]]

MOST_DRAWS = 10_000
DRAWS_IN_BLOCK = 20
ORGANISATIONS_IN_BLOCK = 2_000
EQUAL = 1e-9
"""Points closer than this are the same: floating-point sums of equal points differ in their last digits."""


@dataclass(frozen=True)
class Suppositions:
    """What differs from draw to draw. What is left out stays as the methodology has it.

    weights: 0..1, each weight times a number uniform in 1 - weights .. 1 + weights.
    denominators: by group, maxima to choose from, all alike likely; a group counts by its share of the chosen one.
    leave_one_out: each draw omits one indicator, all alike likely.
    noise: standard deviation of each input's points, as a share of what it can earn; independent and normal, added to
    points and not to values (steps of points do not shift).
    rounding: decimal places to which points are rounded half up before places are given, as some tables do.
    interval: 0..1, the share of draws that a rank interval holds.
    """

    seed: int
    draws: int = 1000
    weights: float = 0.0
    denominators: Mapping[str, Sequence[Fraction]] = field(default_factory=dict)
    leave_one_out: bool = False
    noise: float = 0.0
    rounding: int | None = None
    interval: Fraction = Fraction(9, 10)

    def __post_init__(self) -> None:
        if not (0 < self.draws <= MOST_DRAWS and 0 <= self.weights <= 1 and self.noise >= 0 and 0 < self.interval <= 1):
            raise BadUserInput(
                f"Draws are 1 to {MOST_DRAWS}, weights 0 to 1, noise at least 0, the interval above 0 and at most 1.",
                f"Розыгрышей от 1 до {MOST_DRAWS}, веса от 0 до 1, шум не меньше 0, интервал больше 0 и не больше 1.",
            )


class RankInterval(NamedTuple):
    """Places of one organisation over all draws: `low`..`high` holds the interval's share of them, low is better."""

    organisation: str
    rank: int
    low: int
    median: int
    high: int
    best: int
    worst: int


class Duel(NamedTuple):
    """In how many draws the first had more points than the second, as many, fewer."""

    first: str
    second: str
    wins: int
    ties: int
    losses: int

    @property
    def share(self) -> Fraction:
        """Share of draws in which the first beats the second."""
        return Fraction(self.wins, self.wins + self.ties + self.losses)


@dataclass(frozen=True)
class Robustness:
    """Rank intervals of a section in the order of its places; duels as they were asked for."""

    section: str
    suppositions: Suppositions
    intervals: tuple[RankInterval, ...]
    duels: tuple[Duel, ...]


def robustness(
    rating: Rating,
    section: str,
    suppositions: Suppositions,
    duels: Sequence[tuple[str, str]] = (),
    workers: int = 1,
) -> Robustness:
    """Draw a section again and again. Organisations without a place take no part.

    KeyError for an unknown section, BadUserInput for a duel of somebody without a place.
    """
    import numpy as np  # Only here: whoever rates without draws needs no NumPy.

    sheet = _Sheet.of(rating, section)
    places = _duel_places(sheet, duels)
    sizes = [min(DRAWS_IN_BLOCK, suppositions.draws - done) for done in range(0, suppositions.draws, DRAWS_IN_BLOCK)]
    seeds = np.random.SeedSequence(suppositions.seed).spawn(len(sizes))
    with ThreadPoolExecutor(max_workers=workers) as pool:
        blocks = list(pool.map(lambda job: _draw(sheet, suppositions, places, *job), zip(sizes, seeds, strict=True)))
        ranks = np.concatenate([block[0] for block in blocks])
        columns = range(0, len(sheet.organisations), ORGANISATIONS_IN_BLOCK)
        parts = list(pool.map(lambda start: _intervals(sheet, ranks, suppositions, start), columns))
    signs = np.concatenate([block[1] for block in blocks])
    return Robustness(section, suppositions, tuple(each for part in parts for each in part), _count_duels(duels, signs))


class _Sheet(NamedTuple):
    """A section as arrays. Rows: organisations that have a place, by place; columns: its indicators."""

    methodology: Methodology
    maximum: float
    organisations: tuple[str, ...]
    ranks: tuple[int, ...]
    parts: tuple[Part, ...]
    groups: tuple[str, ...]
    weights: "Floats"
    maxima: "Floats"
    points: "Floats"  # indicators x organisations, missing is 0
    known: "Floats | None"  # the same shape, 1 or 0; None where nothing is missing

    @classmethod
    def of(cls, rating: Rating, section: str) -> "_Sheet":
        import numpy as np

        methodology, parts = rating.methodology, rating.methodology.parts(section)
        ranked = [entry for entry in rating.table(section) if entry.rank is not None]
        rows = [rating.inputs.places[entry.organisation] for entry in ranked]
        points = np.array([_as_floats(rating, part, rows) for part in parts]).reshape(len(parts), len(rows))
        lacking = np.isnan(points)
        group_of = {item.code: group.code for group in methodology.groups for item in group.indicators}
        return cls(
            methodology,
            float(methodology.section(section).maximum or 1),
            tuple(entry.organisation for entry in ranked),
            tuple(entry.rank or 0 for entry in ranked),
            parts,
            tuple(group_of[part.indicator] for part in parts),
            np.array([float(part.weight) for part in parts]),
            np.array([_maximum(methodology, part, row) for part, row in zip(parts, points, strict=True)]),
            np.nan_to_num(points, nan=0.0),
            (~lacking).astype(np.float64) if lacking.any() else None,
        )


def _as_floats(rating: Rating, part: Part, rows: Sequence[int]) -> "Floats":
    import numpy as np

    column = rating.points[part.indicator]
    cells = np.array([np.nan if cell is None else float(cell) for cell in column.cells])
    return cells[rows] / column.scale


def _maximum(methodology: Methodology, part: Part, points: "Floats") -> float:
    """Give what an indicator can earn; where that is unknown, the widest difference that occurs."""
    import numpy as np

    maximum = methodology.indicator(part.indicator).maximum
    if maximum is not None:
        return float(maximum)
    return float(np.nanmax(points) - np.nanmin(points)) if points.size else 0.0


def _draw(
    sheet: _Sheet, suppositions: Suppositions, duels: "Ranks", draws: int, seed: "np.random.SeedSequence"
) -> tuple["Ranks", "Ranks"]:
    """Give ranks (draws x organisations) and, for each duel, the sign of the difference in points."""
    import numpy as np

    dice = np.random.default_rng(seed)
    weights = _drawn_weights(sheet, suppositions, draws, dice)
    scores = weights @ sheet.points
    if suppositions.noise:
        spread = suppositions.noise * sheet.maxima * weights
        sizes = np.sqrt(np.square(spread) @ (np.ones((len(sheet.parts), 1)) if sheet.known is None else sheet.known))
        scores += sizes * dice.standard_normal(scores.shape)
    if sheet.known is not None and sheet.methodology.missing is Missing.OF_THE_KNOWN:
        earnable = (weights * sheet.maxima) @ sheet.known
        scores *= np.divide(sheet.maximum, earnable, out=np.zeros_like(earnable), where=earnable > 0)
    if suppositions.rounding is not None:
        scale = 10.0**suppositions.rounding
        scores = np.floor(scores * scale + 0.5 + EQUAL) / scale
    differences = scores[:, duels[:, 0]] - scores[:, duels[:, 1]]
    signs = np.where(np.abs(differences) <= EQUAL, 0, np.sign(differences)).astype(np.int8)
    return _ranks(scores, sheet.methodology.ties), signs


def _drawn_weights(sheet: _Sheet, suppositions: Suppositions, draws: int, dice: "np.random.Generator") -> "Floats":
    """Give the weights of every indicator in every draw (draws x indicators)."""
    import numpy as np

    weights = np.tile(sheet.weights, (draws, 1))
    if suppositions.weights:
        weights *= dice.uniform(1 - suppositions.weights, 1 + suppositions.weights, weights.shape)
    for group, maxima in suppositions.denominators.items():
        chosen = dice.choice([float(maximum) for maximum in maxima], size=draws)
        columns = [place for place, code in enumerate(sheet.groups) if code == group]
        weights[:, columns] *= (_declared(sheet.methodology, group) / chosen)[:, None]
    if suppositions.leave_one_out and len(sheet.parts) > 1:
        weights[np.arange(draws), dice.integers(len(sheet.parts), size=draws)] = 0.0
    return weights


def _declared(methodology: Methodology, group: str) -> float:
    maximum = next((each.maximum for each in methodology.groups if each.code == group), None)
    if maximum is None:
        raise BadUserInput(f"The group {group} has no maximum.", f"У группы {group} нет максимума.")
    return float(maximum)


def _ranks(scores: "Floats", ties: Ties) -> "Ranks":
    """Give places, the highest score first, draw by draw."""
    import numpy as np

    number = scores.shape[1]
    ranks: Ranks = np.empty(scores.shape, dtype=np.uint16 if number < 2**16 else np.uint32)
    for row, places in zip(scores, ranks, strict=True):
        order = np.argsort(row)[::-1]
        falls = np.diff(row[order], prepend=np.inf) < -EQUAL
        if ties is Ties.DENSE:
            places[order] = np.cumsum(falls)
        else:
            places[order] = np.maximum.accumulate(np.where(falls, np.arange(1, number + 1), 0))
    return ranks


def _intervals(sheet: _Sheet, ranks: "Ranks", suppositions: Suppositions, start: int) -> list[RankInterval]:
    """Read the intervals of a block of organisations off their sorted places: always a place that was drawn."""
    import numpy as np

    block = np.sort(np.ascontiguousarray(ranks[:, start : start + ORGANISATIONS_IN_BLOCK].T), axis=1, kind="stable")
    last, outside = suppositions.draws - 1, (1 - suppositions.interval) / 2
    at = [floor(outside * last), last // 2, ceil((1 - outside) * last), 0, last]
    names = sheet.organisations[start : start + ORGANISATIONS_IN_BLOCK]
    published = sheet.ranks[start : start + ORGANISATIONS_IN_BLOCK]
    return [
        RankInterval(name, rank, *row) for name, rank, row in zip(names, published, block[:, at].tolist(), strict=True)
    ]


def _duel_places(sheet: _Sheet, duels: Sequence[tuple[str, str]]) -> "Ranks":
    import numpy as np

    places = {key: place for place, key in enumerate(sheet.organisations)}
    for key in (key for pair in duels for key in pair):
        if key not in places:
            raise BadUserInput(f"{key} has no place to compare.", f"{key}: места нет, сравнивать нечего.")
    return np.array([[places[first], places[second]] for first, second in duels], dtype=np.intp).reshape(-1, 2)


def _count_duels(duels: Sequence[tuple[str, str]], signs: "Ranks") -> tuple[Duel, ...]:
    counts = [[int((column == sign).sum()) for sign in (1, 0, -1)] for column in signs.T]
    return tuple(Duel(*pair, *count) for pair, count in zip(duels, counts, strict=True))
