"""pytest on a machine whose own clock shows another moment: it and a PostgreSQL of its own, under libfaketime.

`python -m tests.days.machine 2028-02-28T17:01:00+00:00 tests/…`, begun with the environment of `faked`. Only the tests'
clock stands between the machine and the tests, so what passes here passes on that day.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import api.postgres.programs
from api.postgres import private_postgres
from tests.conftest import CHECKOUT

LIBRARY = "faketime/libfaketime.so.1"
PLACES = [Path("/usr/lib/x86_64-linux-gnu"), Path("/usr/lib/aarch64-linux-gnu"), Path("/usr/local/lib")]
PASSED_ON = ("LD_PRELOAD", "FAKETIME")


def library() -> Path | None:
    """Where libfaketime is: in FAKETIME_LIBRARY, or where `apt install libfaketime` puts it; None where it is not."""
    places = [Path(os.environ["FAKETIME_LIBRARY"])] if "FAKETIME_LIBRARY" in os.environ else []
    return next((place for place in [*places, *(folder / LIBRARY for folder in PLACES)] if place.exists()), None)


def faked(found: Path, moment: datetime) -> dict[str, str]:
    """Environment in which a program believes that it is begun at this moment; time goes on from there."""
    return {"LD_PRELOAD": str(found), "FAKETIME": f"@{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}", "TZ": "UTC"}


def main() -> int:
    """Run pytest with these words; the exit code is its own."""
    believed = datetime.fromisoformat(sys.argv[1])
    assert abs((datetime.now(UTC) - believed).total_seconds()) < 60, "libfaketime does not work here"  # noqa: TID251
    state = CHECKOUT / ".state"
    state.mkdir(exist_ok=True)
    with _believed_by_postgres(), tempfile.TemporaryDirectory(prefix="days-", dir=state) as folder:
        Path(folder).chmod(0o755)  # a private PostgreSQL of root runs as another user
        with private_postgres(Path(folder) / "postgres", durable=False) as server:
            os.environ["DATABASE_URL"] = server.url("postgres", "postgres")
            return int(pytest.main(["-p", "no:cacheprovider", *sys.argv[2:]]))


@contextmanager
def _believed_by_postgres() -> Iterator[None]:
    """Its programs are begun in an empty environment; here with ours of the clock."""
    own = {name: os.environ[name] for name in PASSED_ON}

    def run(command: Any, env: dict[str, str], **more: Any) -> Any:
        return subprocess.run(command, env=env | own, **more)  # noqa: PLW1510 - as the caller says

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api.postgres.programs, "subprocess", SimpleNamespace(**vars(subprocess) | {"run": run}))
        yield


if __name__ == "__main__":
    sys.exit(main())
