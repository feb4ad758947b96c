"""The report: a show's figures as JSON, always whole on disk."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from endlessdreams_cam.errors import SettingError
from endlessdreams_cam.parameters.spec import Scalar
from endlessdreams_cam.runtime.overview import Overview


def build(overview: Overview, parameters: dict[str, Scalar]) -> dict[str, Any]:
    """Return the report of a show: plain numbers, milliseconds where the name says ms."""
    output, engine, source = overview.output, overview.engine, overview.source
    return {
        "program": {
            "frames": output.frames,
            "fps": output.fps_overall,
            "interval_ms": asdict(output.interval_ms),
            "compose_ms": asdict(output.compose_ms),
            "send_ms": asdict(output.send_ms),
            "late": output.late,
            "skipped": output.skipped,
            "held": output.held,
            "shown": output.shown,
            "device": output.device,
        },
        "dream": {
            "frames": engine.frames,
            "fps": engine.fps_overall,
            "render_ms": {"p50": engine.render_ms.p50, "p99": engine.render_ms.p99},
            "engine": engine.engine,
            "size": engine.size,
        },
        "age_ms": {
            "capture_to_program": {"p50": output.age_ms.p50, "p99": output.age_ms.p99},
        },
        "first_frame_ms": overview.since_start_ms(output.first_frame_ns),
        "first_dream_ms": overview.since_start_ms(output.first_dream_ns),
        "source": {
            "kind": source.kind if source else "none",
            "frames": source.frames if source else 0,
            "fps": source.fps if source else 0.0,
            "restarts": overview.source_restarts + (source.reopened if source else 0),
        },
        "obs": asdict(overview.obs),
        "workers": {
            row.name: {
                "pid": row.pid,
                "restarts": row.restarts,
                "cpu_s": row.cpu_s,
                "rss_mb": row.rss_mb,
            }
            for row in overview.workers
        },
        "uptime_s": overview.uptime_s,
        "preset": overview.preset,
        "parameters": parameters,
        "errors": [
            {"time": row.time, "worker": row.worker, "text": row.text, "times": row.times}
            for row in overview.errors
        ],
    }


def write(path: Path, report: dict[str, Any]) -> None:
    """Write a report atomically; raises SettingError when that cannot be."""
    path = path.resolve()
    if path.exists() and not path.is_file():  # a device must not be replaced by a file
        raise SettingError(f"{path} is not a file.", remedy="Name another file for the report.")
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise SettingError(
            f"The report {path} cannot be written: {error.strerror}.", remedy="Name another file."
        ) from error
