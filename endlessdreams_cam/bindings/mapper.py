"""The mapping: events of controllers in, changes of parameters and acts out. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from endlessdreams_cam.bindings.actions import Act
from endlessdreams_cam.bindings.binding import Binding, Button
from endlessdreams_cam.bindings.burst import Bursts
from endlessdreams_cam.bindings.event import Event, Gesture
from endlessdreams_cam.bindings.pads import Pads
from endlessdreams_cam.bindings.route import ActRoute, Place, Route, hand_of, place_of, work_out
from endlessdreams_cam.bindings.takeover import Hand
from endlessdreams_cam.bindings.thinning import Nature
from endlessdreams_cam.parameters.spec import Scalar

FOLLOW_NS = 10_000_000
"""How often a parameter that is behind its control is taken on."""

BURST = 12
"""Controls within 150 ms, by default, that are a device telling its positions."""

_HIGH, _LOW = 0.5, 0.4  # where a control that is used as a button goes down, and up again


@dataclass(frozen=True, slots=True)
class Move:
    """A parameter to set; glide_s None: as a hand moves it."""

    name: str
    value: Scalar
    glide_s: float | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A control that waits for its parameter: where it stands and where it must go, 0…1."""

    device: str
    control: str
    name: str
    position: float
    target: float


Change = Move | Act


class Mapper:
    """Turns events into changes by the bindings in force.

    The preset's bindings come before a device's layout: a control that the preset binds leaves the
    layout. `values` is always the present base of every parameter, with what earlier changes of
    the same batch made of it. Not for several threads.
    """

    def __init__(self, home: Mapping[str, Scalar]) -> None:
        self._home = home
        self._preset: tuple[Binding, ...] = ()
        self._layouts: dict[str, tuple[Binding, ...]] = {}
        self._most: dict[str, int] = {}
        # What an event meets, worked out at the first of its kind.
        self._found: dict[tuple[str, str, str, bool], tuple[Route | ActRoute, ...]] = {}
        self._hands: dict[tuple[Place, Binding], Hand] = {}
        self._natures: dict[Place, Nature] = {}
        self._held: dict[Route, Hand] = {}  # the same, found faster
        self._down: dict[Place, Scalar] = {}  # buttons on parameters, and what was before
        self._edges: dict[tuple[str, str], bool] = {}
        self._bursts: dict[str, Bursts] = {}
        self._undo: dict[str, list[tuple[int, Hand, str, Scalar, Scalar]]] = {}
        self._shift: dict[str, set[str]] = {}
        self._reset: set[Place] = set()
        self._behind: dict[Route, int] = {}
        self.pads = Pads()

    def use(self, preset: Iterable[Binding]) -> None:
        """Put a preset's bindings over the layouts; where controls stand is not forgotten."""
        self._preset = tuple(preset)
        self._forget_routes()

    def plug(self, device: str, layout: Iterable[Binding], *, burst: int = BURST) -> None:
        """A device came: these are its profile's bindings."""
        self._layouts[device], self._most[device] = tuple(layout), burst
        self._forget_routes()

    def unplug(self, device: str, now_ns: int) -> list[Change]:
        """A device went: let go what was held on it, and forget where its controls stood."""
        self._layouts.pop(device, None)
        self._forget_routes()
        self._shift.pop(device, None)
        self._bursts.pop(device, None)
        for held in [place for place in self._down if place[0] == device]:
            del self._down[held]
        for edge in [edge for edge in self._edges if edge[0] == device]:
            del self._edges[edge]
        for key in [key for key in self._hands if key[0][0] == device]:
            del self._hands[key]
        for route in [route for route in self._behind if route.place[0] == device]:
            del self._behind[route]
        return [*self.pads.let_go(device, now_ns)]

    def shifted(self, device: str) -> bool:
        """Whether a shift button of the device is down."""
        return bool(self._shift.get(device))

    def plays(self, event: Event) -> tuple[str, ...]:
        """Return the parameters and actions that an event meets now."""
        return tuple([route.to for route in self._routes(event, self.shifted(event.device))])

    def nature(self, event: Event) -> Nature:
        """Return what the events of this one's control can do."""
        place = (event.device, event.address, event.control)
        if place not in self._natures:
            routes = [*self._routes(event, False), *self._routes(event, True)]
            moves = [route for route in routes if isinstance(route, Route)]
            acts = len(moves) < len(routes)
            slides = not acts and not any(route.edges for route in moves)
            self._natures[place] = Nature(frozenset(r.to for r in moves), slides, acts)
        return self._natures[place]

    def feed(self, event: Event, values: Mapping[str, Scalar]) -> list[Change]:
        """Return what one event does."""
        if event.gesture is Gesture.ABSOLUTE and self._bursting(event):
            return self._learn(event, values)
        shift = self.shifted(event.device)
        routes = self._routes(event, shift)
        if event.gesture is Gesture.RELEASE:
            routes = (*routes, *self._routes(event, not shift))
        elif not routes and shift:
            if event.gesture is not Gesture.PRESS:
                return self._home_again(event)
            routes = self._routes(event, False)  # panic is panic, whatever else is held
        changes: list[Change] = []
        for route in routes:
            changes += self._play(route, event, _over(values, changes))
        return changes

    def tick(self, now_ns: int, values: Mapping[str, Scalar]) -> list[Change]:
        """Return what is due now: holds that are long enough, parameters behind their control."""
        changes: list[Change] = [*self.pads.tick(now_ns)]
        for route in [route for route, due_ns in self._behind.items() if due_ns <= now_ns]:
            hand = self._hand(route)
            found = hand.follow(_over(values, changes)[route.to])
            if found is not None:
                changes.append(Move(route.to, found, route.glide_s))
            self._note_behind(route, hand, now_ns)
        return changes

    @property
    def due_ns(self) -> int | None:
        """When `tick` has something to do, None if it has nothing."""
        times = [*self._behind.values()]
        if self.pads.due_ns is not None:
            times.append(self.pads.due_ns)
        return min(times, default=None)

    def waiting(self, values: Mapping[str, Scalar]) -> list[Waiting]:
        """Return the controls that wait for their parameter."""
        found = []
        for (place, binding), hand in self._hands.items():
            hand.look(values[binding.to])
            if hand.waiting and hand.position is not None:
                target = hand.target(values[binding.to])
                if abs(hand.position - target) > binding.threshold:
                    found.append(Waiting(place[0], place[2], binding.to, hand.position, target))
        return found

    def _routes(self, event: Event, shift: bool) -> tuple[Route | ActRoute, ...]:
        key = (event.device, event.address, event.control, shift)
        found = self._found.get(key)
        if found is None:
            layout = self._layouts.get(event.device, ())
            fitting = _fitting(self._preset, event, shift) or _fitting(layout, event, shift)
            place = place_of(event)
            found = self._found[key] = tuple(work_out(binding, place) for binding in fitting)
        return found

    def _forget_routes(self) -> None:
        self._found.clear()
        self._natures.clear()
        self._held.clear()

    def _play(
        self, route: Route | ActRoute, event: Event, values: Mapping[str, Scalar]
    ) -> Sequence[Change]:
        if isinstance(route, ActRoute):
            return self._act(route, event, values)
        if route.edges:
            edge = self._edge(event)
            return self._button(route, event, edge, values) if edge else ()
        if event.gesture in (Gesture.ABSOLUTE, Gesture.RELATIVE):
            return self._turn(route, event, values)
        return self._button(route, event, event.gesture, values)

    # Faders, knobs, encoders

    def _turn(self, route: Route, event: Event, values: Mapping[str, Scalar]) -> Sequence[Change]:
        hand, before = self._hand(route), values[route.to]
        if event.gesture is Gesture.RELATIVE:
            found: Scalar | None = hand.turn(event.value, before, event.at_ns)
        else:
            found = hand.move(event.value, before)
            self._note_behind(route, hand, event.at_ns)
        if found is None or found == before:
            return ()
        if event.gesture is Gesture.ABSOLUTE:
            rows = self._undo.setdefault(event.device, [])
            rows.append((event.at_ns, hand, route.to, before, found))
            del rows[:-64]
        return (Move(route.to, found, route.glide_s),)

    def _hand(self, route: Route) -> Hand:
        hand = self._held.get(route)
        if hand is None:
            key = route.key
            hand = self._held[route] = self._hands.setdefault(key, hand_of(route))
        return hand

    def _note_behind(self, route: Route, hand: Hand, now_ns: int) -> None:
        if hand.behind:
            self._behind[route] = now_ns + FOLLOW_NS
        else:
            self._behind.pop(route, None)

    def _home_again(self, event: Event) -> list[Change]:
        """Shift and a knob without a second meaning: its parameter's default, once per hold."""
        place = place_of(event)
        if place in self._reset:
            return []
        self._reset.add(place)
        names = [route.to for route in self._routes(event, False) if route.to in self._home]
        return [Move(name, self._home[name]) for name in names]

    # A device that tells all its positions

    def _bursting(self, event: Event) -> bool:
        most = self._most.get(event.device, BURST)
        bursts = self._bursts.setdefault(event.device, Bursts(most))
        bursts.note(event.address, event.at_ns)
        return bursts.burst_from_ns is not None

    def _learn(self, event: Event, values: Mapping[str, Scalar]) -> list[Change]:
        """Learn a position, and take back what the burst moved before it was known as one."""
        began_ns = self._bursts[event.device].burst_from_ns or 0
        changes: list[Change] = []
        for at_ns, hand, name, before, wrote in reversed(self._undo.pop(event.device, [])):
            if at_ns >= began_ns and _over(values, changes)[name] == wrote:
                changes.append(Move(name, before, 0.0))
                if hand.position is not None:
                    hand.learn(hand.position)
        for route in self._routes(event, self.shifted(event.device)):
            if isinstance(route, Route):
                self._hand(route).learn(event.value)
        return changes

    # Buttons

    def _edge(self, event: Event) -> Gesture | None:
        """Return the edge that an event is for a button: faders go down at the middle."""
        if event.gesture in (Gesture.PRESS, Gesture.RELEASE):
            return event.gesture
        if event.gesture is Gesture.RELATIVE:
            return Gesture.PRESS if event.value > 0 else None
        key = (event.device, event.address)
        down = self._edges.get(key, False)
        now_down = event.value >= (_LOW if down else _HIGH)
        self._edges[key] = now_down
        if now_down == down:
            return None
        return Gesture.PRESS if now_down else Gesture.RELEASE

    def _act(self, route: ActRoute, event: Event, values: Mapping[str, Scalar]) -> Sequence[Change]:
        edge = self._edge(event)
        if edge is None:
            return ()
        if route.to == "shift":
            self._hold_shift(event, down=edge is Gesture.PRESS)
            return ()
        place = (event.device, event.address, route.to)
        if edge is Gesture.PRESS:
            return self.pads.press(place, route.to, event.at_ns, values)
        return self.pads.release(place, event.at_ns)

    def _hold_shift(self, event: Event, *, down: bool) -> None:
        held = self._shift.setdefault(event.device, set())
        if down:
            held.add(event.address)
        else:
            held.discard(event.address)
        self._reset.clear()

    def _button(
        self, route: Route, event: Event, edge: Gesture, values: Mapping[str, Scalar]
    ) -> Sequence[Change]:
        place = (event.device, event.address, route.to)
        if edge is Gesture.RELEASE:
            if route.mode is not Button.MOMENTARY or place not in self._down:
                return ()
            before, options = self._down.pop(place), route.binding.values
            low = options[0] if len(options) > 1 else before
            return (Move(route.to, low, route.glide_s),)
        if route.mode is Button.MOMENTARY:
            self._down[place] = values[route.to]
        found = route.pressed(event.value, values[route.to], self._home)
        return (Move(route.to, found, route.glide_s),)


def _fitting(bindings: tuple[Binding, ...], event: Event, shift: bool) -> tuple[Binding, ...]:
    return tuple(b for b in bindings if (b.shift == shift or b.to == "shift") and b.fits(event))


def _over(values: Mapping[str, Scalar], changes: Sequence[Change]) -> Mapping[str, Scalar]:
    moved = {change.name: change.value for change in changes if isinstance(change, Move)}
    return {**values, **moved} if moved else values
