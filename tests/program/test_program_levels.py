import pytest
from hypothesis import given
from hypothesis import strategies as st

from endlessdreams_cam.program.levels import Fader, Levels, Wish

S = 1_000_000_000
TICK = S // 30
CUTS = ("dream", "source", "hold", "slate", "black")
wishes = st.builds(
    Wish, st.sampled_from(CUTS), st.floats(0, 1), st.booleans(), st.booleans(), st.booleans(),
    st.booleans(),
)  # fmt: skip


def ready(cut="dream", **more):
    return Wish(**({"cut": cut, "dream": True, "source": True} | more))


@pytest.mark.parametrize(
    ("wish", "shown"),
    [
        (ready("dream"), "dream"),
        (ready("source"), "source"),
        (ready("hold"), "hold"),
        (ready("source", source=False), "dream"),
        (ready("source", source=False, dream=False), "slate"),
        (ready("dream", dream=False), "slate"),
        (ready("hold", dream=False), "slate"),
        (ready("dream", dream=False, stand_in=True), "source"),
        (ready("hold", dream=False, stand_in=True), "source"),
        (ready("dream", dream=False, stand_in=True, private=True), "slate"),
        (ready("source", private=True), "slate"),
        (ready("source", private=True, source=False), "slate"),
        (ready("slate", dream=False, source=False), "slate"),
        (ready("black", dream=False, source=False), "black"),
    ],
)
def test_what_a_cut_comes_to(wish, shown):
    assert wish.shown == shown


def test_the_master_fader_crossfades_with_the_dream_live_or_held():
    assert ready(mix=0.25).levels == Levels(dream=0.25, source=0.75)
    assert ready("hold", mix=0.25).levels == Levels(hold=0.25, source=0.75)
    assert ready(mix=0.25, source=False).levels == Levels(dream=1.0)


def test_privacy_stops_the_mix_and_keeps_the_source_out():
    found = ready(mix=0, private=True).levels
    assert (found.dream, found.source) == pytest.approx((0.7, 0.3))
    for cut in CUTS:
        assert ready(cut, mix=0, private=True, dream=False).levels.source == 0


@given(st.lists(st.tuples(wishes, st.floats(0, 2), st.integers(0, S)), max_size=30))
def test_shares_are_always_shares(moves):
    fader, now = Fader(), 0
    for wish, fade_s, step in moves:
        now += step
        levels = fader.advance(wish, fade_s, now)
        assert sum(levels) == pytest.approx(1)
        assert min(levels) >= 0
        if wish.private:
            assert levels.source <= max(0.7, wish.levels.source) + 1e-9
            assert wish.levels.source > 0 or levels.source == 0
        if wish.shown in ("slate", "black"):
            assert levels == wish.levels


def play(fader, wish, ticks, start=0, fade_s=0.3):
    return [fader.advance(wish, fade_s, (start + n) * TICK) for n in range(ticks)]


def test_a_cut_fades_and_shows_in_the_next_frame():
    fader = Fader()
    assert play(fader, ready("dream"), 1) == [Levels(dream=1)]
    found = [levels.source for levels in play(fader, ready("source"), 12, start=1)]
    assert 0 < found[0] < 0.1
    assert found == sorted(found)
    assert found[9] == 1  # nine ticks of 33 ms are 0.3 s
    assert 0.9 < found[7] < 0.99


def test_to_slate_and_black_at_once_and_back_by_fading():
    fader = Fader()
    play(fader, ready("dream"), 2)
    assert fader.advance(ready("slate"), 5, 2 * TICK) == Levels(slate=1)
    assert fader.advance(ready("black"), 5, 3 * TICK) == Levels(black=1)
    assert 0 < fader.advance(ready("dream"), 5, 4 * TICK).dream < 0.1


def test_a_fade_of_no_length_is_a_hit():
    fader = Fader()
    play(fader, ready("dream"), 1)
    assert fader.advance(ready("source"), 0, TICK) == Levels(source=1)


def test_a_fade_turned_round_goes_on_from_where_it_is():
    fader = Fader()
    play(fader, ready("dream"), 1)
    there = play(fader, ready("source"), 5, start=1)[-1]
    back = play(fader, ready("dream"), 12, start=6)
    assert abs(back[0].source - there.source) < 0.1
    assert back[-1] == Levels(dream=1)


def test_a_source_that_goes_stale_fades_out_and_a_faders_first_step_does_not_wait():
    fader = Fader()
    play(fader, ready(mix=0.5), 1)
    assert 0 < fader.advance(ready(mix=0.5, source=False), 0.3, TICK).source < 0.5
    fader = Fader()
    play(fader, ready(mix=1, source=False), 1)
    assert fader.advance(ready(mix=0.95), 0.3, TICK).source == pytest.approx(0.05)


def test_the_mix_follows_the_hand_at_once():
    fader = Fader()
    play(fader, ready(mix=1), 1)
    assert fader.advance(ready(mix=0.4), 5, TICK) == Levels(dream=0.4, source=0.6)


def test_privacy_takes_the_source_off_at_once_even_in_a_fade():
    fader = Fader()
    play(fader, ready("source"), 1)
    play(fader, ready("dream"), 3, start=1)
    levels = fader.advance(ready("dream", private=True), 5, 4 * TICK)
    assert levels == pytest.approx(Levels(dream=1))


def test_holding_puts_the_held_dream_in_the_live_ones_place():
    fader = Fader()
    play(fader, ready("dream", mix=0.6), 2)
    fader.hold()
    assert fader.advance(ready("hold", mix=0.6), 5, 2 * TICK) == Levels(hold=0.6, source=0.4)


def test_holding_in_the_middle_of_a_fade_leaves_nothing_of_the_live_dream():
    fader = Fader()
    play(fader, ready("dream"), 2)
    fader.advance(ready("source"), 5, 2 * TICK)
    fader.advance(ready("dream"), 5, 3 * TICK)
    fader.hold()
    assert fader.advance(ready("hold"), 5, 4 * TICK).dream == 0
