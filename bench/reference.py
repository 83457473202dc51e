"""Vhod with its compiled path off: every document goes to the reference executor. Same command line as `api`."""

from importlib.util import find_spec
from typing import Any

from api.__main__ import main

COMPILED = "schema.engine.compiled.execute"


def has_compiled_path() -> bool:
    """Whether this checkout has a compiled path at all; without one the reference is all there is."""
    try:
        return find_spec(COMPILED) is not None
    except ModuleNotFoundError:
        return False


def switch_off() -> None:
    """Make the compiled path know no document, in this process."""
    from importlib import import_module

    import_module(COMPILED).CompiledReads.prepare = _nothing


async def _nothing(*_: Any, **__: Any) -> None:
    return None


if __name__ == "__main__":
    if has_compiled_path():
        switch_off()
    main()
