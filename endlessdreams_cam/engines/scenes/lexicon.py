"""From a prompt's words to a scene, its mood and its style."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from endlessdreams_cam.engines.scenes.lexicon_scenes import SCENES
from endlessdreams_cam.engines.scenes.lexicon_words import (
    ALONE,
    COLOURS,
    ENERGIES,
    FAINT_HOURS,
    HOURS,
    NATURAL,
    SILENT,
    STYLES,
    TAGS,
    WEATHERS,
)
from endlessdreams_cam.engines.scenes.mood import Mood, Weather
from endlessdreams_cam.engines.scenes.palettes import palette
from endlessdreams_cam.engines.scenes.seeds import pick, stable

_LONGEST = 5  # words in a phrase
_MODIFIER = 0.5  # what "crystal" counts in "crystal ocean": the last noun is the thing
_COMPOUND = 7  # letters from which on a word may be two
_LATER = 0.5  # how much less each later noun counts
_NEGATIONS = frozenset(["no", "without", "ohne", "kein", "keine", "sans", "sin", "sem", "senza"])

# The hours at which a scene shows itself when the words name none; the seed chooses.
_HOURS: dict[str, tuple[float, ...]] = {
    "sky": (18.0, 8.2, 18.8, 6.7, 14.0),
    "ocean": (18.9, 6.6, 17.6, 19.4, 21.8),
    "mountains": (18.6, 6.9, 17.4, 20.2, 9.0),
    "forest": (7.4, 17.6, 8.6, 21.2),
    "city": (21.4, 22.6, 20.2),
    "galaxy": (0.0, 22.0),
    "fire": (22.0, 20.0),
    "aurora": (23.0, 1.0),
    "flowers": (9.5, 17.8, 18.6, 7.4),
    "underwater": (12.0, 15.5, 9.0, 17.6),
    "crystals": (20.0, 13.0, 23.0),
    "synthwave": (19.4, 20.2, 18.9),
}
_GUESSED_PALETTES = (
    "",
    "",
    "rose",
    "teal",
    "violet",
    "gold",
    "coral",
    "emerald",
    "lavender",
    "ice",
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a prompt asks for.

    mood.seed stands for the nouns alone, so that "ocean at dawn" and "ocean at dusk" are the same
    ocean. timed: the words name an hour. guessed: no word names a scene, it was chosen by hash.
    style is empty for none.
    """

    scene: str
    mood: Mood
    style: str = ""
    timed: bool = False
    guessed: bool = False

    def dreamt(self, seed: int) -> Mood:
        """Return the mood as one seed dreams it: its composition, and the hour if none is named."""
        mixed = stable(self.mood.seed, seed)
        hour = self.mood.hour if self.timed else pick(_HOURS[self.scene], "hour", mixed)
        return replace(self.mood, seed=mixed, hour=hour)


@dataclass
class _Entry:
    """What one word or phrase means."""

    scenes: dict[str, float] = field(default_factory=dict)
    hour: float | None = None
    weather: Weather | None = None
    colours: list[str] = field(default_factory=list)
    energy: float = 0.0
    style: str = ""
    tags: list[str] = field(default_factory=list)

    @property
    def moody(self) -> bool:
        return self.hour is not None or bool(self.weather or self.colours or self.style)


_Phrase = tuple[str, ...]


@lru_cache(maxsize=256)
def read(text: str, style: str = "") -> Wish:
    """Return what a prompt asks for; `style` are a preset's style words, which win over its own."""
    found = list(_matches(text))
    extra = list(_matches(style))
    votes = _votes(found)
    guessed = not votes
    words = _content(found) or tuple(_plain(text).split()) or ("",)
    scene = _winner(votes) if votes else pick(sorted(SCENES), *words)
    everything = [entry for _, _, entry in found + extra if entry]
    hour = _hour(found + extra)
    colours = [c for entry in everything for c in entry.colours[:1] if c != NATURAL]
    if guessed and not colours and (name := pick(_GUESSED_PALETTES, "colours", *words)):
        colours = [name]
    mood = Mood(
        seed=stable(scene, *words),
        hour=19.0 if hour is None else hour,
        weather=next((e.weather for e in everything if e.weather), Weather.CLEAR),
        palette=palette(list(dict.fromkeys(colours))),
        energy=min(max(sum(entry.energy for entry in everything), -1.0), 1.0),
        words=_spoken(found + extra, f"{text} {style}"),
    )
    chosen = _style(extra, style) or _style(found, text)
    return Wish(scene, mood, chosen, timed=hour is not None, guessed=guessed)


def style_of(words: str) -> str:
    """Return the style that some words name, empty for none."""
    return _style(list(_matches(words)), words)


_Match = tuple[int, _Phrase, "_Entry | None"]
"""Which part between commas, the words, and what they mean (None: nothing known)."""


def _votes(found: list[_Match]) -> dict[str, float]:
    votes: dict[str, float] = {}
    nouns = 0
    for n, (part, _, entry) in enumerate(found):
        if not entry or not entry.scenes:
            continue
        after = found[n + 1] if n + 1 < len(found) else None
        thing = bool(after and after[0] == part and after[2] and _strong(after[2]))
        share = (_MODIFIER if thing else 1.0) / (1 + _LATER * nouns)
        for scene, weight in entry.scenes.items():
            votes[scene] = votes.get(scene, 0.0) + weight * share
        nouns += _strong(entry)
    return votes


def _weight(entry: _Entry) -> float:
    return max(entry.scenes.values(), default=0.0)


def _strong(entry: _Entry) -> bool:
    return _weight(entry) >= 2


def _winner(votes: dict[str, float]) -> str:
    """Return the scene with most votes; of equals the one named first."""
    return max(votes, key=lambda scene: votes[scene])


def _content(found: list[_Match]) -> _Phrase:
    """Return the words that make a composition: things, and words that nobody knows."""
    words: list[str] = []
    for _, phrase, entry in found:
        if entry is None or (_weight(entry) >= 1 and not entry.moody and not entry.energy):
            words += phrase
    return tuple(words)


def _hour(found: list[_Match]) -> float | None:
    named = [(phrase, entry.hour) for _, phrase, entry in found if entry and entry.hour is not None]
    clear = [hour for phrase, hour in named if " ".join(phrase) not in FAINT_HOURS]
    return next(iter(clear), named[0][1] if named else None)


def _spoken(found: list[_Match], text: str) -> frozenset[str]:
    """Return the prompt's words as written, singular and plural, and what they stand for."""
    words: set[str] = set()
    for _, phrase, entry in found:
        words.update(phrase, (" ".join(phrase),), entry.tags if entry else ())
        words.update(word.removesuffix("s") for word in phrase if len(word) > 3)
    words.update(word for word in _plain(text).split() if _form(word, _tokens()) in words)
    words.update(
        [f"{word.removesuffix('y')}ies" if word.endswith("y") else f"{word}s" for word in words]
    )
    return frozenset(words)


def _style(found: list[_Match], text: str) -> str:
    for _, _, entry in found:
        if entry and entry.style:
            return entry.style
    for part in re.split(r"[,;.:|/]", text):
        words = tuple(w for w in _plain(part).split() if w not in ("style", "drawing", "art"))
        if words in _alone():
            return _alone()[words]
    return ""


def _matches(text: str) -> Iterator[_Match]:
    """Yield the words and phrases of a text in order, the longest known first."""
    entries, tokens = _entries(), _tokens()
    n = 0
    for part in re.split(r"[,;.:|/()]", text):
        n += 1
        words = [_form(word, tokens) for word in _plain(part).split()]
        at = 0
        while at < len(words):
            if words[at] in _NEGATIONS and at + 1 < len(words):
                at += 2
                continue
            length = next(
                (k for k in range(_LONGEST, 0, -1) if tuple(words[at : at + k]) in entries), 0
            )
            phrase = tuple(words[at : at + max(length, 1)])
            at += len(phrase)
            if length:
                yield n, phrase, entries[phrase]
                if length > 1 and not entries[phrase].moody:
                    yield from ((n, (w,), m) for w in phrase if (m := _mood_only(w)))
            elif phrase[0] in _silent():
                n += 1  # "mountains under the moon": two things, not a kind of moon
            else:
                yield n, phrase, None


def _mood_only(word: str) -> _Entry | None:
    """Return what a word inside a scene's phrase adds: the "sunset" of "sunset ocean"."""
    entry = _entries().get((word,))
    return replace(entry, scenes={}, style="") if entry and entry.moody else None


def _plain(text: str) -> str:
    """Return text in lower case, without accents and signs ("L'été" → "l ete").

    An emoji stands for its name: 🌸 is a cherry blossom.
    """
    text = "".join(f" {unicodedata.name(c, '')} " if _is_emoji(c) else c for c in text)
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss").replace("ø", "o"))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    bare = re.sub(r"['’]s\b", "", bare)
    return " ".join(re.findall(r"[^\W_]+", bare))


def _is_emoji(character: str) -> bool:
    return character > "\u2000" and unicodedata.category(character) == "So"


def _form(word: str, tokens: frozenset[str]) -> str:
    """Return the form of a word that the lexicon has: singular, without -ing, -ed or -y."""
    tries = [word]
    for ending, instead in (
        ("ies", "y"), ("ves", "f"), ("es", ""), ("s", ""), ("ing", ""), ("ing", "e"),
        ("ed", ""), ("ed", "e"), ("y", ""), ("en", ""),
    ):  # fmt: skip
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            tries.append(word[: -len(ending)] + instead)
    if len(word) > 5 and word[-1] == "y" and word[-2] == word[-3]:  # "foggy" → "fog"
        tries.append(word[:-2])
    entries = _entries()
    known = next((form for form in tries if (form,) in entries or form in _silent()), "")
    known = known or next((form for form in tries if form in tokens), "")
    return known or _noun_within(word) or word


def _noun_within(word: str) -> str:
    """Return the thing that a compound is ("Bergtal", "firestorm"): its end, else its beginning."""
    if len(word) < _COMPOUND:
        return ""
    parts = [word[n:] for n in range(1, len(word) - 3)] + [
        word[:-n] for n in range(1, len(word) - 3)
    ]
    return next((p for p in parts if _strong(_entries().get((p,), _Entry()))), "")


@cache
def _silent() -> frozenset[str]:
    return frozenset(SILENT.split())


@cache
def _tokens() -> frozenset[str]:
    """Return every word that the lexicon has, alone or in a phrase."""
    return frozenset(word for phrase in _entries() for word in phrase) | _silent()


@cache
def _alone() -> dict[_Phrase, str]:
    return {phrase: style for style, words in ALONE.items() for phrase in _phrases(words)}


def _phrases(words: str) -> Iterator[_Phrase]:
    for phrase in words.split(","):
        yield tuple(phrase.split())


@cache
def _entries() -> dict[_Phrase, _Entry]:
    """Return the whole lexicon: every phrase with all that it means."""
    entries: dict[_Phrase, _Entry] = {}

    def entry(phrase: _Phrase) -> _Entry:
        return entries.setdefault(phrase, _Entry())

    for scene, weights in SCENES.items():
        for weight, words in weights.items():
            for phrase in _phrases(words):
                scenes = entry(phrase).scenes
                scenes[scene] = max(weight, scenes.get(scene, 0.0))
    for hour, words in HOURS.items():
        for phrase in _phrases(words):
            entry(phrase).hour = hour
    for weather, words in WEATHERS.items():
        for phrase in _phrases(words):
            entry(phrase).weather = weather
    for name, words in COLOURS.items():
        for phrase in _phrases(words):
            entry(phrase).colours.append(name)
    for energy, words in ENERGIES.items():
        for phrase in _phrases(words):
            entry(phrase).energy = energy
    for style, words in STYLES.items():
        for phrase in _phrases(words):
            entry(phrase).style = style
    for tag, words in TAGS.items():
        for phrase in _phrases(words):
            entry(phrase).tags.append(tag)
    return entries
