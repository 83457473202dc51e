"""The nastiest documents: how much computing each takes until it is refused; at most 200 ms is promised.

python -m bench.hostile
"""

import sys
import time
from collections.abc import Callable

from graphql import GraphQLError, parse, validate

from domain.errors import LimitExceeded
from schema import build_schema
from schema.engine.limits import TOKENS
from schema.engine.limits.gauge import Gauge, judge, key_of
from schema.engine.limits.maxima import CallerKind

MOST_MS = 200


def chain(levels: int, times: int) -> str:
    """Fragments that each spread the next so many times: `times` to the power of `levels` fields."""
    links = "".join(f"fragment f{level} on Query{{{_spread(level + 1) * times}}} " for level in range(levels))
    return f"{{...f0}} {links} fragment f{levels} on Query{{__typename}}"


def _spread(level: int) -> str:
    return f"...f{level} "


def overlapping(count: int) -> str:
    """Fields that all have to be compared with each other."""
    return "{" + " ".join(f"x:organisations(first:{number}){{nodes{{id}}}}" for number in range(count)) + "}"


NASTY: dict[str, Callable[[], str]] = {
    "fragments doubling 58 times": lambda: chain(58, 2),
    "fragments tenfold 50 times": lambda: chain(50, 10),
    "a circle of 60 fragments": lambda: (
        "{...f0}"
        + "".join(f"fragment f{number} on Query{{...f{(number + 1) % 60} me{{standing}}}}" for number in range(60))
    ),
    "10,000 aliases": lambda: "{" + " ".join(f"a{number}:__typename" for number in range(10_000)) + "}",
    "the same field 1,900 times": lambda: "{" + "__typename " * 1900 + "}",
    "29 aliases to be compared": lambda: overlapping(29),
    "a list 99 times": lambda: "{" + "organisations{nodes{id}}" * 99 + "}",
    "a list 30 times, and a mistake": lambda: "{" + "organisations{nodes{id name inn}}" * 30 + "nope}",
    "600 directives": lambda: "{__typename " + "@aa " * 600 + "}",
    "nested 3,000 deep": lambda: "{me" * 3_000 + "}" * 3_000,
    "nested lists of 900": lambda: "{node(id:" + "[" * 900 + "]" * 900 + "){id}}",
    "a number of 100,000 digits": lambda: "{organisations(first:" + "9" * 100_000 + "){totalCount}}",
    "a comment of 250 KB": lambda: "#" + "x" * 250_000 + "\n{nope}",
    "a string of 250 KB": lambda: '{node(id:"' + "x" * 250_000 + '"){nope}}',
    "100 KB of commas": lambda: "{nope" + "," * 100_000 + "}",
    "300 variables": lambda: "query(" + " ".join(f"$a{number}:ID" for number in range(300)) + "){__typename}",
    "250 unknown fields": lambda: "{" + " ".join(f"x{number}" for number in range(250)) + "}",
    "pages within pages": lambda: (
        "{" + "organisations(first:100){nodes{branches{" * 1 + "classGroups{subjectGroups"
        "{journals{lines{marks{history{id}}}}}}" + "}}}" + "}"
    ),
}


def milliseconds(gauge: Gauge, text: str) -> tuple[float, str]:
    """Computing until the refusal, and what refused; "nothing" when it passes."""
    started = time.process_time()
    try:
        document = parse(text, max_tokens=TOKENS)
        judge(gauge.estimate(key_of(text, None), document, None), CallerKind.PERSON)
        by = "validation" if validate(gauge.schema, document) else "nothing"
    except LimitExceeded:
        by = "limits"
    except (GraphQLError, RecursionError):
        by = "parser"
    return 1000 * (time.process_time() - started), by


def main() -> None:
    """Measure each three times, print the middle one; ends with 1 when one is too slow or passes."""
    schema = build_schema().graphql
    failed = False
    for name, make in NASTY.items():
        text = make()
        found = [milliseconds(Gauge(schema), text) for _ in range(3)]
        slowest, by = sorted(found)[1]
        bad = slowest > MOST_MS or by == "nothing"
        failed |= bad
        print(f"{slowest:8.1f} ms  {len(text):>7} bytes  {name:<32} refused by {by}{'  TOO SLOW' * bad}")  # noqa: T201
    sys.exit(failed)


if __name__ == "__main__":
    main()
