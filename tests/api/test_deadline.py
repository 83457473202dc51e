"""A process that was told to end does end."""

import signal
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60
STUBBORN = """
import asyncio
from functools import partial
import uvicorn
from api.commands.deadline import lift_deadline, set_deadline
from api.stop_signals import on_stop_signal

async def hang():
    while True:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            pass

async def app(scope, receive, send):
    await receive()
    with on_stop_signal(partial(set_deadline, 0.3)):
        background = asyncio.create_task(hang())
        await send({"type": "lifespan.startup.complete"})
        print("ready", flush=True)
        await receive()
        await hang()

try:
    uvicorn.Server(uvicorn.Config(app, port=0, lifespan="on", log_config=None)).run()
except (SystemExit, KeyboardInterrupt):
    pass
lift_deadline()
print("closed in order", flush=True)
"""


def test_server_in_which_everything_hangs_ends_after_its_deadline() -> None:
    """Neither a task that refuses to be cancelled nor a hanging lifespan keeps it; what is outside is still closed."""
    process = subprocess.Popen([sys.executable, "-c", STUBBORN], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    ready = process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=PATIENCE_SECONDS)

    assert ready == "ready\n"
    assert said.splitlines()[-1] == "closed in order"
    assert process.returncode == 0
