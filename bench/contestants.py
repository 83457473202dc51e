"""The contestants: how each is started, in what dialect it is asked."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from api.settings import Settings
from bench.node import Node
from bench.place import PUBLIC_URL
from bench.region import Region

OURS, REFERENCE, POSTGRAPHILE, MERCURIUS, FIXED = "vhod", "reference", "postgraphile", "mercurius", "fixed"
NAMES = (OURS, REFERENCE, POSTGRAPHILE, MERCURIUS, FIXED)
DIALECTS = {OURS: "vhod", REFERENCE: "vhod", POSTGRAPHILE: "postgraphile", MERCURIUS: "mercurius", FIXED: "fixed"}


@dataclass(frozen=True)
class Contestant:
    """A server that can be started: a command and an environment of its own."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    port: int

    @property
    def dialect(self) -> str:
        """Which documents it understands."""
        return DIALECTS[self.name]

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}/graphql"


@dataclass(frozen=True)
class Grounds:
    """What all contestants are given alike: data, settings of the viewers, whom to trust. Vhod asks the issuer."""

    region: Region
    node: Node
    settings: Path
    issuers: str

    def contestant(self, name: str, port: int, processes: int) -> Contestant:
        """Describe how to start one, with so many processes, each with a pool of the same size."""
        if name in (OURS, REFERENCE):
            return Contestant(name, _vhod_command(name, port, processes), self._of_vhod(port), port)
        command = (
            (sys.executable, "-m", "uvicorn", "bench.fixed:create_app", "--factory", "--host", "127.0.0.1",
             "--port", str(port), "--workers", str(processes), "--no-access-log", "--log-level", "warning")
            if name == FIXED
            else tuple(self.node.command(f"{name}.mjs"))
        )  # fmt: skip
        return Contestant(name, command, self._of_peer(port, processes), port)

    def _of_vhod(self, port: int) -> Mapping[str, str]:
        urls = self.region.urls
        addresses = {"DATABASE_URL": urls.owner, "APP_DATABASE_URL": urls.app, "PROVIDER_DATABASE_URL": urls.provider}
        return {
            "PATH": os.environ["PATH"],
            "PORT": str(port),
            "PUBLIC_URL": PUBLIC_URL,
            "VHOD_STAND_IN": "false",
            "VHOD_ISSUERS": self.issuers,
            "VHOD_LOG_FORMAT": "json",
            "VHOD_PLACES": "1000",  # 64 connections that never pause are an overload, and here they are the question
            **{name: url.render_as_string(hide_password=False) for name, url in addresses.items()},
        }

    def _of_peer(self, port: int, processes: int) -> Mapping[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "NODE_ENV": "production",
            "GRAPHILE_ENV": "production",
            "PORT": str(port),
            "BENCH_PROCESSES": str(processes),
            "BENCH_DATABASE": self.region.libpq,
            "BENCH_POOL": str(Settings.model_fields["pool_size"].default),
            "BENCH_SETTINGS": str(self.settings),
        }


def _vhod_command(name: str, port: int, processes: int) -> tuple[str, ...]:
    module = "api" if name == OURS else "bench.reference"
    return (sys.executable, "-m", module, "serve", "--port", str(port), "--workers", str(processes))
