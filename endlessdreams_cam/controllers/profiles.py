"""The profiles of known controllers: the user's own folder wins over the shipped ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from endlessdreams_cam.controllers.profile import Profile
from endlessdreams_cam.controllers.profile_file import LARGEST, parse
from endlessdreams_cam.errors import ProfileError

GENERIC = "generic"
"""The profile of a controller that no other profile knows."""

_SHIPPED = Path(__file__).parent / "profiles"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


def shipped() -> list[Profile]:
    """Return the profiles that come with the program, by name."""
    return [read(path) for path in sorted(_SHIPPED.glob("*.toml"))]


def load_profiles(own: Path, *, tell: Callable[[str], None] | None = None) -> list[Profile]:
    """Return all profiles: the user's first, then the shipped ones without a namesake.

    own is the user's folder, which may not exist. A file that cannot be used is left out, and
    `tell` is told why.
    """
    found: dict[str, Profile] = {}
    for path in sorted(own.glob("*.toml")) if own.is_dir() else ():
        try:
            found[path.stem] = read(path)
        except ProfileError as error:
            if tell:
                tell(str(error))
    for profile in shipped():
        found.setdefault(profile.name, profile)
    return list(found.values())


def source(own: Path, name: str) -> Path:
    """Return the file of a profile, the user's own before the shipped; raises ProfileError."""
    for folder in (own, _SHIPPED):
        path = folder / f"{name}.toml"
        if _NAME.fullmatch(name) and path.is_file():
            return path
    known = ", ".join(
        sorted({path.stem for path in (*own.glob("*.toml"), *_SHIPPED.glob("*.toml"))})
    )
    raise ProfileError(f"There is no profile called {name!r}.", remedy=f"There are: {known}.")


def choose(profiles: Iterable[Profile], port: str) -> Profile:
    """Return the profile for a port of that name: the one that knows most of it, else generic."""
    profiles = list(profiles)
    low = port.lower()

    def known(profile: Profile) -> int:
        return max((len(part) for part in profile.match if part in low), default=0)

    best = max(profiles, key=known)
    if known(best):
        return best
    return next(profile for profile in profiles if profile.name == GENERIC)


def read(path: Path) -> Profile:
    """Return the profile in a file; raises ProfileError."""
    if not _NAME.fullmatch(path.stem):
        raise ProfileError(
            f"{path.name} is not a profile's name.",
            remedy="Use small letters, digits, - and _, such as my-pads.toml.",
        )
    try:
        if path.stat().st_size > LARGEST:
            raise ProfileError(f"{path.name} is larger than a profile may be ({LARGEST >> 10} KB).")
        return parse(path.read_bytes(), name=path.name)
    except OSError as error:
        raise ProfileError(f"{path} cannot be read: {error.strerror}.") from error
