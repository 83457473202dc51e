"""Tracing as the standard variables of OpenTelemetry ask for it: OTEL_EXPORTER_OTLP_ENDPOINT switches it on."""

import os
from collections.abc import Mapping

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
EXPORTER = "OTEL_TRACES_EXPORTER"
SERVICE = "vhod"


def traces_wanted(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether spans are to be sent: an endpoint is named, or the exporter is, and nothing switches them off."""
    if environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return False
    exporter = environment.get(EXPORTER, "").strip().lower()
    return exporter == "otlp" or (not exporter and any(environment.get(name) for name in ENDPOINTS))
