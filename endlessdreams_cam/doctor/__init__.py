"""The doctor: what this machine has for a show, and what mends the rest."""

from endlessdreams_cam.doctor.check import Check, State
from endlessdreams_cam.doctor.diagnosis import Report, diagnose

__all__ = ["Check", "Report", "State", "diagnose"]
