"""Starts servers quickly: everything is imported once, then each server is a fork that does what `api serve` does.

`python -m tests.faults.launcher`: a line of JSON with an environment comes in, the process id of a server goes out.
"""

import json
import os
import signal
import sys

import numpy as np

import api.app
from api.commands.environment import end_in_order_on_sigterm, load_settings
from api.commands.serve import serve
from schema import build_schema
from tests import clock


def main() -> None:
    """Fork a server for each line until the input ends; all go by the clock of the tests."""
    clock.install()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # What a server imports late is here before it forks.
    build_schema()
    assert np.__name__, api.app.__name__
    _say("ready")
    for line in sys.stdin:
        identifier = os.fork()
        if identifier == 0:
            _serve(json.loads(line))
        _say(str(identifier))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _serve(environment: dict[str, str]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(environment.pop("LOG"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.update(environment)
    end_in_order_on_sigterm()
    try:
        serve(load_settings(), demo=False, workers=1, say=lambda line: None)
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
