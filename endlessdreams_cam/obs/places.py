"""Where OBS's password may come from."""

from __future__ import annotations

from enum import StrEnum


class Place(StrEnum):
    """A place, in the order in which they are asked.

    `obs` is where OBS itself keeps it, asked only if a person allowed that: it is never out of
    date. `ask` is a person at the terminal.
    """

    ENVIRONMENT = "environment"
    OBS = "obs"
    KEYRING = "keyring"
    FILE = "file"
    ASK = "ask"
