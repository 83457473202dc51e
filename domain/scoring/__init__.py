"""What is computed: values in, values out. No session, no clock, no settings, no log."""
