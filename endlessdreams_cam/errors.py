"""Every error that this program raises on purpose.

EndlessDreamsError
├── SettingError            a person gave something that cannot be used; nothing was changed
│   ├── ParameterError      … for a parameter
│   ├── PresetError         … in a preset
│   ├── ProfileError        … in a controller's profile
│   └── ModelError          … as a model: refused, broken, or of a kind that is not known
├── DeviceError             a camera, virtual camera, file or controller
│   ├── DeviceMissing       … is not there
│   ├── DeviceBusy          … belongs to another program
│   └── DeviceLost          … was there and went away
├── SourceEnded             a source has no more frames and does not loop
├── SinkClosed              a person closed what showed the program
├── EngineError             an engine cannot dream
├── DownloadError           a model did not arrive; what did is kept
├── ShowRunning             another show is on air
├── NoShow                  no show is on air
└── NoRoom                  too little shared memory, disk or memory
"""

from __future__ import annotations


class EndlessDreamsError(Exception):
    """The root: a cause in one sentence and, where there is one, the remedy."""

    def __init__(self, cause: str, *, remedy: str = "") -> None:
        super().__init__(cause)
        self.cause = cause
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.cause} {self.remedy}".strip()

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross from workers to main; the default would lose the remedy.
        return (_restore, (type(self), self.cause, self.remedy))


def _restore(kind: type[EndlessDreamsError], cause: str, remedy: str) -> EndlessDreamsError:
    return kind(cause, remedy=remedy)


class SettingError(EndlessDreamsError):
    """A person gave something that cannot be used; nothing was changed."""


class ParameterError(SettingError):
    """A parameter's name or value cannot be used."""


class PresetError(SettingError):
    """A preset cannot be used."""


class ProfileError(SettingError):
    """A controller's profile cannot be used."""


class ModelError(SettingError):
    """A model cannot be used."""


class DeviceError(EndlessDreamsError):
    """A device does not do what it should."""


class DeviceMissing(DeviceError):
    """The device is not there."""


class DeviceBusy(DeviceError):
    """The device belongs to another program."""


class DeviceLost(DeviceError):
    """The device was there and went away."""


class SourceEnded(EndlessDreamsError):
    """A source has no more frames."""


class SinkClosed(EndlessDreamsError):
    """A person closed what showed the program: it is not opened again."""


class EngineError(EndlessDreamsError):
    """An engine cannot dream."""


class DownloadError(EndlessDreamsError):
    """A model did not arrive whole; what did is kept, and the next pull goes on from there."""


class ShowRunning(EndlessDreamsError):
    """Another show is on air."""


class NoShow(EndlessDreamsError):
    """No show is on air."""


class NoRoom(EndlessDreamsError):
    """Too little shared memory, memory or disk."""
