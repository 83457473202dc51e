"""The definitions of "active" that the sources give, each with its own name."""

from dataclasses import dataclass

from domain.catalogue.documents import STRICT, Values, read_document
from domain.scoring.activity import ActivityRule, Window

FILE = "activity_rules.toml"


@dataclass(frozen=True)
class RuleRow:
    """A rule as it stands in the file; `printed` are the words of its source."""

    __pydantic_config__ = STRICT

    code: str
    russian: str
    english: str
    source: str
    printed: str
    window: Window
    counts: dict[str, Values]
    facts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.counts:
            raise ValueError(f"rule {self.code} counts nothing")

    @property
    def rule(self) -> ActivityRule:
        """The rule to judge by."""
        return ActivityRule(
            self.code, self.russian, self.english, self.source, self.window, dict(self.counts), self.facts
        )


@dataclass(frozen=True)
class ActivityRules:
    """All rules. ValueError when a code stands twice."""

    __pydantic_config__ = STRICT

    rule: tuple[RuleRow, ...]

    def __post_init__(self) -> None:
        if len({row.code for row in self.rule}) < len(self.rule):
            raise ValueError("the code of a rule stands twice")

    def __getitem__(self, code: str) -> ActivityRule:
        return next(row.rule for row in self.rule if row.code == code)

    def __contains__(self, code: object) -> bool:
        return any(row.code == code for row in self.rule)


def load_activity_rules() -> ActivityRules:
    """Read the rules."""
    return read_document(FILE, ActivityRules)
