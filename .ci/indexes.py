"""Where packages come from: what pip is configured with, told to uv, which does not read pip's configuration."""

# ruff: noqa: S603 - runs pip of our own environment

import ast
import os
import subprocess
from pathlib import Path

# pip's names, from the environment and every configuration file -> uv's variables and how they join lists
VARIABLES = {
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "cert": ("SSL_CERT_FILE", " "),
}


def uv_environment(python: Path, *, main_index_only: bool = False) -> dict[str, str]:
    """Environment for uv. What the caller set for uv stays as it is.

    `main_index_only` is for making the lock: side indexes often hold one platform's files, and the lock wants all.
    """
    environment = dict(os.environ)
    configured = pip_configuration(python)
    for name, (variable, separator) in VARIABLES.items():
        if name in configured and not (main_index_only and name in ("extra-index-url", "find-links")):
            environment.setdefault(variable, separator.join(configured[name].split()))
    # pip's own rule, all indexes are equal; safe since every file is checked against the lock's hash.
    environment.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    return environment


def pip_configuration(python: Path) -> dict[str, str]:
    """pip's settings by their plain names; the environment wins over files, `install` over `global`."""
    command = [str(python), "-m", "pip", "--disable-pip-version-check", "config", "list"]
    listed = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False).stdout
    found: dict[str, tuple[int, str]] = {}
    for line in listed.splitlines():
        key, _, value = line.partition("=")
        section, _, name = key.rpartition(".")
        rank = ["global", "install", ":env:"].index(section) if section in ("global", "install", ":env:") else -1
        if rank >= found.get(name, (0, ""))[0]:
            found[name] = (rank, str(ast.literal_eval(value)))
    return {name: value for name, (_, value) in found.items()}
