"""Budgets: how many points of cost a person, a client or an address may spend in a minute, over all processes."""
