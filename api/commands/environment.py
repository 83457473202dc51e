"""What every verb needs of its environment: settings that are sound, and an orderly end."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from psycopg.errors import UndefinedTable
from pydantic import ValidationError
from pydantic_settings import SettingsError
from sqlalchemy.exc import OperationalError, ProgrammingError

from api.commands import CommandError
from api.postgres import PostgresUnavailableError
from api.settings import Settings, UnsafeSettingsError


def load_settings(**changes: object) -> Settings:
    """Read the environment, and files named after its variables (VHOD_SECRETS_DIR); `changes` (None: not given) come
    from the command line.

    Raises CommandError with one line for each problem.
    """
    secrets = Path(os.environ.get("VHOD_SECRETS_DIR", SECRETS))
    try:
        files = {"_secrets_dir": secrets} if secrets.is_dir() else {}
        return Settings(**files | {name: value for name, value in changes.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        # Neither the value nor what is wrong inside a secret: the variable and the rule.
        lines = [f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors()]
        raise CommandError("\n".join(lines)) from None
    except SettingsError as error:
        raise CommandError(str(error)) from None


SECRETS = "/run/secrets"
"""Where containers find their secrets, one in a file."""


@contextmanager
def known_problems() -> Iterator[None]:
    """Tell in a sentence what can go wrong outside our code: no database, no role, no programs."""
    try:
        yield
    except (PostgresUnavailableError, UnsafeSettingsError) as error:
        raise CommandError(str(error)) from None
    except (OperationalError, ProgrammingError) as error:
        if isinstance(error, ProgrammingError) and not isinstance(error.orig, UndefinedTable):
            raise
        reason = str(error.orig).strip().split("\n")[0]
        raise CommandError(f"database: {reason} (if it is new: python -m api migrate)") from None


def end_in_order_on_sigterm() -> None:
    """Turn SIGTERM into an ordinary exit (143), so that a private PostgreSQL is released and stopped."""
    signal.signal(signal.SIGTERM, _exit)


def _exit(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)
