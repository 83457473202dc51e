"""The front page of the door: sign in, ask an example, see the answer and what was refused."""

from api.door.routes import door_routes

__all__ = ["door_routes"]
