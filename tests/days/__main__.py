"""`python -m tests.days`: everything that concerns time, as if on days that are none like the others.

Each day twice. *The product's day*: product, database and demo are made at that moment, and the demo people find what
they find on the usual day. *The machine's day*: the computer's own clock shows that moment (by libfaketime), and the
ordinary tests, which begin at theirs, give what they always give. `--product` and `--machine` choose one of the two,
words choose days: `python -m tests.days 2028-02-29`.
"""

# ruff: noqa: T201 - a command that talks

import os
import re
import subprocess
import sys
import time
from datetime import datetime

from tests.clock import VARIABLE
from tests.conftest import CHECKOUT
from tests.days.machine import faked, library
from tests.days.moments import MOMENTS, Moment

OF_THE_DAY = ["tests/days"]
OF_EVERY_DAY = [
    "tests/schema/test_writing_lessons.py",
    "tests/schema/test_guardianships.py",
    "tests/schema/test_fresh_sign_in.py",
    "tests/schema/test_summaries.py",
    "tests/schema/events/test_following.py",
    "tests/api/test_graphiql.py",
    "tests/api/test_sessions.py",
    "tests/auth/provider/test_refresh.py",
    "tests/domain/test_windows.py",
]
"""Windows, ages, sessions, tokens, the examples: where a clock that leaks in shows first."""
SUMMARY = re.compile(r"(\d+ (?:passed|failed|errors?|skipped)[^\n]*?) in [\d.]+s")


def main() -> int:
    """Try the days; the exit code is 1 if one failed."""
    kinds = [kind for kind in ("--product", "--machine") if kind in sys.argv] or ["--product", "--machine"]
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    days = [one for one in MOMENTS if not words or any(word in str(one) for word in words)]
    if "--machine" in kinds and library() is None:
        print(
            "No libfaketime here (apt install libfaketime, or FAKETIME_LIBRARY=/path): the machine's day is left out."
        )
        kinds.remove("--machine")
    failed = {day for day in days for kind in kinds if not _tried(day, kind)}
    print(f"{len(days)} days, {len(failed)} failed")
    return 1 if failed or not days or not kinds else 0


def _tried(day: Moment, kind: str) -> bool:
    """Run the tests of one day; the line says how it went, the output is shown where it went wrong."""
    began = time.monotonic()
    command, environment = _of_product(day) if kind == "--product" else _of_machine(day.at)
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=CHECKOUT, env=os.environ | environment,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    found = SUMMARY.findall(done.stdout)
    print(f"{day}: {kind[2:]}: {found[-1] if found else 'did not run'} ({time.monotonic() - began:.0f} s)", flush=True)
    if done.returncode != 0:
        print(done.stdout[-6000:])
    return done.returncode == 0


def _of_product(day: Moment) -> tuple[list[str], dict[str, str]]:
    return ["pytest", *OF_THE_DAY], {VARIABLE: day.at.isoformat()}


def _of_machine(moment: datetime) -> tuple[list[str], dict[str, str]]:
    found = library()
    assert found is not None
    return ["tests.days.machine", moment.isoformat(), *OF_EVERY_DAY], faked(found, moment)


if __name__ == "__main__":
    sys.exit(main())
