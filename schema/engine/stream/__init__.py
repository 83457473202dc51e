"""The stream of events: from where to go on, what happened since, and one subscription from begin to end."""
