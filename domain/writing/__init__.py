"""What may be written, whichever door it comes through: facts in, refusals out. No session, no clock, no protocol."""
