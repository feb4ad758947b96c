"""What the bank asks for at a moment: texts and their shares, edits gliding in."""

from __future__ import annotations

from endlessdreams_cam.clock import SECOND_NS
from endlessdreams_cam.parameters import PROMPTS, Move, Snapshot

_BASE = 0
_LEAST = 1e-4


class Slot:
    """One prompt on its way from its last text to its present one; shares sum to 1."""

    def __init__(self) -> None:
        self._shares: dict[str, float] = {}
        self._start: dict[str, float] = {}
        self._text: str | None = None
        self._glide = Move(1.0)

    def follow(self, text: str, now_ns: int, glide_s: float) -> dict[str, float]:
        """Return the shares of the texts; a new text takes glide_s seconds to come in."""
        if text != self._text:
            arrives = bool(self._shares) and glide_s > 0
            # It has begun: a hand that changed a text sees it in the very next dream.
            began = now_ns - round(min(glide_s / 2, 0.02) * SECOND_NS)
            self._glide = Move(1.0, 0.0, began, glide_s) if arrives else Move(1.0)
            self._start, self._text = self._shares, text
        come = max(self._glide.at(now_ns), _LEAST)
        shares = {old: share * (1 - come) for old, share in self._start.items()}
        shares[text] = shares.get(text, 0.0) + come
        self._shares = {words: share for words, share in shares.items() if share >= _LEAST}
        return self._shares


class Bank:
    """Follows the prompts of a snapshot."""

    def __init__(self) -> None:
        self._slots = [Slot() for _ in range(PROMPTS + 1)]
        self.texts: dict[int, str] = {}
        """The texts at work by their slots, 0 for the base, for remarks."""
        self.waiting: tuple[str, ...] = ()
        """Texts that a hand may bring in at any moment: the bank's others, the next preset's."""

    def follow(self, snapshot: Snapshot, now_ns: int) -> dict[str, float]:
        """Return each text's share of the mix: 0…1, empty when nothing is asked for."""
        weights = snapshot.weights(now_ns)
        base = max(1.0 - sum(weights), 0.0) if snapshot.text("prompt.base") else 0.0
        style, glide = snapshot.style(now_ns), _glide(snapshot, now_ns)
        found: dict[str, float] = {}
        self.texts = {}
        waiting = [_styled(text, snapshot.ahead.style) for text in snapshot.ahead.texts]
        for n, weight in enumerate([base, *weights]):
            words = snapshot.text(f"prompt.{n}.text" if n else "prompt.base")
            if not words:
                continue
            text = _styled(words, style)
            # Nobody sees a slot without weight: its text is there at once.
            for part, share in self._slots[n].follow(text, now_ns, glide if weight else 0).items():
                found[part] = found.get(part, 0.0) + share * weight
            if weight > 0:
                self.texts[n] = text
            else:
                waiting.insert(0, text)
        self.waiting = tuple(waiting)
        return {text: share for text, share in found.items() if share >= _LEAST}


def _styled(words: str, style: str) -> str:
    return f"{words}, {style}" if style else words


def _glide(snapshot: Snapshot, now_ns: int) -> float:
    """Return how long a text takes to come in: in a recall as long as the morph has left."""
    if not snapshot.morph.done(now_ns):
        return (snapshot.morph.ends_ns - now_ns) / SECOND_NS
    return snapshot.number("prompt.glide", now_ns)
