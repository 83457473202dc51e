"""Where the benchmark keeps its things, and which ports and names it uses."""

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
STATE = CHECKOUT / ".state" / "bench"
SOURCES = CHECKOUT / "bench"
FIRST_PORT = 9450

# A name that stands in the data: people of the region are known by (issuer, subject). Nothing listens there.
PUBLIC_URL = "http://127.0.0.1:9450"
ISSUER = f"{PUBLIC_URL}/oidc"


class BenchError(Exception):
    """The benchmark cannot go on; the message says why and what to do."""


def own_folder(*names: str) -> Path:
    """Make a folder of the benchmark's own if need be."""
    folder = STATE.joinpath(*names)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
