"""Events on their way from the outbox to whoever follows: one listener a process, a hub, a feed each."""
