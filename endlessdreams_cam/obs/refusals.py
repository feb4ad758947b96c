"""Why OBS cannot be asked, or says no."""

from __future__ import annotations

from endlessdreams_cam.errors import DeviceError, DeviceLost, DeviceMissing, SettingError


class ObsRefusal(DeviceError):
    """OBS answered no; code is obs-websocket's RequestStatus."""

    def __init__(self, request: str, code: int, comment: str) -> None:
        # The comment may hold names of the user's scenes: it is kept out of the sentence.
        super().__init__(f"OBS refuses {request} (code {code}).")
        self.request, self.code, self.comment = request, code, comment

    def __reduce__(self) -> tuple[object, ...]:
        return (ObsRefusal, (self.request, self.code, self.comment))


class PasswordRefused(SettingError):
    """OBS wants another password. known: the salt that it gave, and the password it refused.

    OBS has another salt as soon as it has another password.
    """

    known = ("", "")


class ObsSilent(DeviceMissing):
    """Something takes the call and stays silent: a frozen OBS, or none at all."""


class ObsStuck(DeviceLost):
    """OBS was there and does not answer now."""


class NotObs(DeviceError):
    """What listens there does not speak as OBS does."""


class ObsTooOld(DeviceError):
    """OBS is there, but older or newer than what can be spoken with."""


class ObsEnded(DeviceLost):
    """A person ended the connection inside OBS: nobody may connect again unasked."""
