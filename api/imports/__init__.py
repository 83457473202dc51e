"""Imports at work: a durable queue of runs, a worker that carries them out as whoever started them, the upload."""
