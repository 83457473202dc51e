"""How the benchmark tells what it does."""


def say(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)  # noqa: T201 - a command line tells its progress
