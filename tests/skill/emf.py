"""The rules of CloudWatch's embedded metric format, for the tests of turn records."""

from __future__ import annotations

import json

UNITS = {"Seconds", "Microseconds", "Milliseconds", "Bytes", "Kilobytes", "Megabytes", "Percent", "Count", "None"}
"""Those of CloudWatch's units that a skill could need."""


def emf_faults(line: str) -> list[str]:
    """What is wrong with a log line as an embedded metric format document, by the specification in the CloudWatch user
    guide ("Specification: Embedded metric format")."""
    root = json.loads(line)
    faults = [] if len(line.encode()) <= 256 * 1024 else ["longer than 256 KB"]
    metadata = root["_aws"]
    if not isinstance(metadata["Timestamp"], int) or not 1e12 < metadata["Timestamp"] < 1e13:
        faults.append("Timestamp is not in milliseconds since 1970")
    for directive in metadata["CloudWatchMetrics"]:
        if set(directive) != {"Namespace", "Dimensions", "Metrics"}:
            faults.append("a directive has other members")
        if not 1 <= len(directive["Namespace"]) <= 255 or directive["Namespace"].startswith("AWS/"):
            faults.append("no namespace of one's own")
        if not directive["Dimensions"]:
            faults.append("no set of dimensions")
        for dimensions in directive["Dimensions"]:
            if len(dimensions) > 9:
                faults.append("more than nine dimensions")
            faults += [
                f"dimension {name} is no text"
                for name in dimensions
                if not root.get(name) or type(root[name]) is not str
            ]
        if len(directive["Metrics"]) > 100:
            faults.append("more than 100 metrics")
        for metric in directive["Metrics"]:
            if not set(metric) <= {"Name", "Unit", "StorageResolution"} or metric.get("Unit", "None") not in UNITS:
                faults.append(f"{metric} is no definition of a metric")
            if type(root.get(metric["Name"])) not in (int, float):
                faults.append(f"metric {metric['Name']} is no number")
    return faults
