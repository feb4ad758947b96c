"""Words that are not let into prompts from outside: a crowd's page, a chat's bot, OSC."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

from endlessdreams_cam.errors import SettingError
from endlessdreams_cam.parameters.spec import Scalar

_OUTSIDE = ("web", "osc")

_TEXTS = re.compile(r"prompt\.(?:\d\.text|\d\.label|base|negative)|slate\.text")
_LOOKALIKES = str.maketrans("013457@$!|", "oieastasil")
_LARGEST = 64 * 1024
_USUAL = frozenset(
    [
        "nude",
        "nudes",
        "nudity",
        "naked",
        "topless",
        "nsfw",
        "porn",
        "porno",
        "pornographic",
        "erotic",
        "erotica",
        "hentai",
        "sex",
        "sexual",
        "sexy",
        "genitals",
        "penis",
        "vagina",
        "nipple",
        "nipples",
        "breasts",
        "orgasm",
        "masturbation",
        "fetish",
        "bondage",
        "rape",
        "gore",
        "gory",
        "beheading",
        "beheaded",
        "decapitated",
        "corpse",
        "mutilated",
        "disembowelled",
        "suicide",
        "swastika",
        "nazi",
        "hitler",
    ]
)


class Words:
    """The words that are kept out: the usual ones, and a file of the user's own, one a line."""

    def __init__(self, own: Iterable[str] = ()) -> None:
        self._kept_out = _USUAL | {part for word in own for part in _parts(word)}

    @classmethod
    def read(cls, path: Path) -> Words:
        """Return the usual words and those in a file, which need not exist; raises SettingError."""
        try:
            if path.stat().st_size > _LARGEST:
                raise SettingError(f"{path} is larger than {_LARGEST >> 10} KB.")
            lines = path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return cls()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingError(f"{path} cannot be read: {error}.") from None
        return cls(line.partition("#")[0] for line in lines)

    def found(self, text: str) -> str:
        """Return the first word of a text that is kept out, empty when there is none.

        Capitals, accents and the usual figures in place of letters make no difference.
        """
        return next((part for part in _parts(text) if part in self._kept_out), "")

    def check(self, values: Mapping[str, Scalar]) -> None:
        """Raise SettingError for a prompt that holds a word that is kept out."""
        for name, value in values.items():
            if _TEXTS.fullmatch(name) and self.found(str(value)):
                raise SettingError(
                    f"{name} holds a word that is not let in from outside.",
                    remedy="Say it otherwise; prompt.filter turns this off.",
                )


def is_outside(origin: str) -> bool:
    """Whether others may speak through it: the page and its API, OSC; not keys, presets, MIDI."""
    return origin.split(" ")[0] in _OUTSIDE


def _parts(text: str) -> list[str]:
    """Return the words of a text as they sound: lower case, without accents and figures."""
    plain = unicodedata.normalize("NFKD", text).lower().translate(_LOOKALIKES)
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.findall(r"[^\W\d_]+", letters)
