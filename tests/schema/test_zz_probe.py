import pytest, json, os, asyncio, time

pytestmark = pytest.mark.anyio


async def test_probe(demo):
    src = "async def main(demo):\n" + "\n".join("    " + l for l in open("/tmp/probe_docs.py").read().splitlines())
    ns = dict(globals())
    exec(src, ns)
    await ns["main"](demo)
