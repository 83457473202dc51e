"""What administrators see of a running server: figures for Prometheus and traces of OpenTelemetry; both off by default.

Nothing here is imported, and nothing of it runs, where neither is configured.
"""
