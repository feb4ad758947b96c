"""The mapping: events of controllers in, changes of parameters and acts out. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from endlessdreams_cam.bindings.actions import ACTIONS, Act
from endlessdreams_cam.bindings.binding import Binding, Button, Pickup
from endlessdreams_cam.bindings.burst import Bursts
from endlessdreams_cam.bindings.event import Event, Gesture
from endlessdreams_cam.bindings.pads import Pads
from endlessdreams_cam.bindings.scale import Scale
from endlessdreams_cam.bindings.takeover import Hand
from endlessdreams_cam.parameters import Kind, Parameter, find
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
_Place = tuple[str, str, str]


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
        self._found: dict[tuple[str, str, str, bool], tuple[Binding, ...]] = {}
        self._hands: dict[tuple[_Place, Binding], Hand] = {}
        self._down: dict[_Place, Scalar] = {}  # buttons on parameters, and what was before
        self._edges: dict[tuple[str, str], bool] = {}
        self._bursts: dict[str, Bursts] = {}
        self._undo: dict[str, list[tuple[int, Hand, str, Scalar, Scalar]]] = {}
        self._shift: dict[str, set[str]] = {}
        self._reset: set[_Place] = set()
        self._behind: dict[tuple[_Place, Binding], int] = {}
        self.pads = Pads()

    def use(self, preset: Iterable[Binding]) -> None:
        """Put a preset's bindings over the layouts; where controls stand is not forgotten."""
        self._preset = tuple(preset)
        self._found.clear()

    def plug(self, device: str, layout: Iterable[Binding], *, burst: int = BURST) -> None:
        """A device came: these are its profile's bindings."""
        self._layouts[device], self._most[device] = tuple(layout), burst
        self._found.clear()

    def unplug(self, device: str, now_ns: int) -> list[Change]:
        """A device went: let go what was held on it, and forget where its controls stood."""
        self._layouts.pop(device, None)
        self._found.clear()
        self._shift.pop(device, None)
        self._bursts.pop(device, None)
        for held in [place for place in self._down if place[0] == device]:
            del self._down[held]
        for edge in [edge for edge in self._edges if edge[0] == device]:
            del self._edges[edge]
        for key in [key for key in self._hands if key[0][0] == device]:
            del self._hands[key]
            self._behind.pop(key, None)
        return [*self.pads.let_go(device, now_ns)]

    def shifted(self, device: str) -> bool:
        """Whether a shift button of the device is down."""
        return bool(self._shift.get(device))

    def bindings(self, event: Event) -> tuple[Binding, ...]:
        """Return the bindings that an event meets now."""
        return self._bindings(event, self.shifted(event.device))

    def feed(self, event: Event, values: Mapping[str, Scalar]) -> list[Change]:
        """Return what one event does."""
        if event.gesture is Gesture.ABSOLUTE and self._bursting(event):
            return self._learn(event, values)
        bindings = self.bindings(event)
        if event.gesture is Gesture.RELEASE:
            bindings = (*bindings, *self._bindings(event, not self.shifted(event.device)))
        elif not bindings and self.shifted(event.device):
            if event.gesture is not Gesture.PRESS:
                return self._home_again(event)
            bindings = self._bindings(event, False)  # panic is panic, whatever else is held
        changes: list[Change] = []
        for binding in bindings:
            changes += self._play(binding, event, _over(values, changes))
        return changes

    def tick(self, now_ns: int, values: Mapping[str, Scalar]) -> list[Change]:
        """Return what is due now: holds that are long enough, parameters behind their control."""
        changes: list[Change] = [*self.pads.tick(now_ns)]
        for key in [key for key, due_ns in self._behind.items() if due_ns <= now_ns]:
            hand, binding = self._hands[key], key[1]
            found = hand.follow(_over(values, changes)[binding.to])
            if found is not None:
                changes.append(Move(binding.to, found, _glide(binding)))
            self._note_behind(key, hand, now_ns)
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

    def _bindings(self, event: Event, shift: bool) -> tuple[Binding, ...]:
        key = (event.device, event.address, event.control, shift)
        if key not in self._found:
            layout = self._layouts.get(event.device, ())
            self._found[key] = _fitting(self._preset, event, shift) or _fitting(
                layout, event, shift
            )
        return self._found[key]

    def _play(
        self, binding: Binding, event: Event, values: Mapping[str, Scalar]
    ) -> Sequence[Change]:
        if binding.to in ACTIONS or binding.to.startswith("lock."):
            return self._act(binding, event, values)
        parameter = find(binding.to)
        if _is_button(parameter, binding):
            edge = self._edge(event)
            return self._button(binding, parameter, event, edge, values) if edge else ()
        match event.gesture:
            case Gesture.ABSOLUTE | Gesture.RELATIVE:
                return self._turn(binding, event, values)
            case gesture:
                return self._button(binding, parameter, event, gesture, values)

    # Faders, knobs, encoders

    def _turn(
        self, binding: Binding, event: Event, values: Mapping[str, Scalar]
    ) -> Sequence[Change]:
        place = _place(event)
        hand, before = self._hand(binding, place), values[binding.to]
        if event.gesture is Gesture.RELATIVE:
            found: Scalar | None = hand.turn(event.value, before, event.at_ns)
        else:
            found = hand.move(event.value, before)
            self._note_behind((place, binding), hand, event.at_ns)
        if found is None or found == before:
            return ()
        if event.gesture is Gesture.ABSOLUTE:
            rows = self._undo.setdefault(event.device, [])
            rows.append((event.at_ns, hand, binding.to, before, found))
            del rows[:-64]
        return (Move(binding.to, found, _glide(binding)),)

    def _hand(self, binding: Binding, place: _Place) -> Hand:
        key = (place, binding)
        if key not in self._hands:
            parameter = find(binding.to)
            pickup = binding.pickup or pickup_of(parameter)
            self._hands[key] = Hand(binding, Scale(binding, parameter), pickup)
        return self._hands[key]

    def _note_behind(self, key: tuple[_Place, Binding], hand: Hand, now_ns: int) -> None:
        if hand.behind:
            self._behind[key] = now_ns + FOLLOW_NS
        else:
            self._behind.pop(key, None)

    def _home_again(self, event: Event) -> list[Change]:
        """Shift and a knob without a second meaning: its parameter's default, once per hold."""
        place = _place(event)
        if place in self._reset:
            return []
        self._reset.add(place)
        names = [b.to for b in self._bindings(event, False) if b.to in self._home]
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
        for binding in self.bindings(event):
            if binding.to not in ACTIONS and not binding.to.startswith("lock."):
                self._hand(binding, _place(event)).learn(event.value)
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

    def _act(
        self, binding: Binding, event: Event, values: Mapping[str, Scalar]
    ) -> Sequence[Change]:
        edge = self._edge(event)
        if edge is None:
            return ()
        if binding.to == "shift":
            self._hold_shift(event, down=edge is Gesture.PRESS)
            return ()
        place = (event.device, event.address, binding.to)
        if edge is Gesture.PRESS:
            return self.pads.press(place, binding.to, event.at_ns, values)
        return self.pads.release(place, event.at_ns)

    def _hold_shift(self, event: Event, *, down: bool) -> None:
        held = self._shift.setdefault(event.device, set())
        if down:
            held.add(event.address)
        else:
            held.discard(event.address)
        self._reset.clear()

    def _button(
        self,
        binding: Binding,
        parameter: Parameter,
        event: Event,
        edge: Gesture,
        values: Mapping[str, Scalar],
    ) -> Sequence[Change]:
        mode = binding.button or button_of(parameter, binding)
        place = (event.device, event.address, binding.to)
        if edge is Gesture.RELEASE:
            if mode is not Button.MOMENTARY or place not in self._down:
                return ()
            before = self._down.pop(place)
            low = binding.values[0] if len(binding.values) > 1 else before
            return (Move(binding.to, low, _glide(binding)),)
        if mode is Button.MOMENTARY:
            self._down[place] = values[binding.to]
        if mode is Button.SET and not binding.values:
            found = self._home[binding.to]
        else:
            found = _pressed(binding, parameter, mode, event.value, values[binding.to])
        return (Move(binding.to, found, _glide(binding)),)


def pickup_of(parameter: Parameter) -> Pickup:
    """Return how a control takes a parameter over if its binding does not say."""
    if parameter.kind not in (Kind.NUMBER, Kind.INTEGER):
        return Pickup.JUMP
    weight = parameter.name.startswith("prompt.") and parameter.name.endswith(".weight")
    return Pickup.SCALED if weight or parameter.name == "program.mix" else Pickup.PICKUP


def button_of(parameter: Parameter, binding: Binding) -> Button:
    """Return what a button does to a parameter if its binding does not say."""
    match parameter.kind:
        case Kind.TRIGGER:
            return Button.TRIGGER
        case Kind.TOGGLE:
            return Button.TOGGLE
        case Kind.CHOICE if len(binding.values) != 1:
            return Button.CYCLE
    if binding.values:
        return Button.SET if len(binding.values) == 1 else Button.CYCLE
    return Button.MOMENTARY


def _is_button(parameter: Parameter, binding: Binding) -> bool:
    """Whether the binding means edges, whatever control sends them."""
    if binding.button is Button.VELOCITY:
        return False
    return binding.button is not None or parameter.kind in (
        Kind.TRIGGER, Kind.TOGGLE, Kind.TEXT,
    )  # fmt: skip


def _pressed(
    binding: Binding, parameter: Parameter, mode: Button, velocity: float, now: Scalar
) -> Scalar:
    scale = Scale(binding, parameter)
    match mode:
        case Button.TRIGGER:
            return parameter.clean(int(now) + 1)
        case Button.VELOCITY:
            return scale.value(velocity)
        case Button.CYCLE:
            options = binding.values or parameter.choices or (scale.value(0), scale.value(1))
            at = options.index(now) if now in options else -1
            return parameter.clean(options[(at + 1) % len(options)])
        case Button.TOGGLE if parameter.kind is Kind.TOGGLE:
            return not now
        case Button.TOGGLE:
            low, high = _ends(binding, scale)
            return parameter.clean(low if now == high else high)
    if mode is Button.SET:
        return parameter.clean(binding.values[0])
    return parameter.clean(_ends(binding, scale)[1])


def _ends(binding: Binding, scale: Scale) -> tuple[Scalar, Scalar]:
    if len(binding.values) > 1:
        return binding.values[0], binding.values[-1]
    high = binding.values[0] if binding.values else scale.value(1)
    return scale.value(0), high


def _fitting(bindings: tuple[Binding, ...], event: Event, shift: bool) -> tuple[Binding, ...]:
    return tuple(b for b in bindings if (b.shift == shift or b.to == "shift") and b.fits(event))


def _place(event: Event) -> _Place:
    return event.device, event.address, event.control or event.address


def _glide(binding: Binding) -> float | None:
    return None if binding.smooth_ms is None else binding.smooth_ms / 1000


def _over(values: Mapping[str, Scalar], changes: Sequence[Change]) -> Mapping[str, Scalar]:
    moved = {change.name: change.value for change in changes if isinstance(change, Move)}
    return {**values, **moved} if moved else values
