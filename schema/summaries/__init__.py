"""Summary marks and report cards: read, proposed, confirmed."""
