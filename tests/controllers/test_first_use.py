import pytest
from hypothesis import given
from hypothesis import strategies as st

from endlessdreams_cam.controllers.first_use import MOST, FirstUse

addresses = st.sampled_from(
    [f"{kind}:{channel}:{n}" for kind in ("cc", "note") for channel in (1, 2) for n in range(90)]
    + ["pitch:1", "pitch:2", "touch:1", "program:1:4", "poly:1:3", "cc:1:123", "nrpn:1:5"]
)


def test_controls_are_named_in_the_order_of_their_first_use():
    names = FirstUse()
    assert [names.name(a) for a in ("cc:1:74", "note:10:36", "cc:1:10", "cc:1:74", "pitch:1")] == [
        "cc.1", "note.1", "cc.2", "cc.1", "cc.3",
    ]  # fmt: skip
    assert names.addresses == ("cc:1:74", "note:10:36", "cc:1:10", "pitch:1")


@pytest.mark.parametrize(
    "address", ["touch:1", "poly:1:3", "program:1:2", "nrpn:1:300", "cc:1:123", "", "cc", "cc:x:1"]
)
def test_what_no_hand_moves_gets_no_name(address):
    names = FirstUse()
    assert names.name(address) == ""
    assert names.addresses == ()


@given(st.lists(addresses))
def test_saved_and_read_again_the_names_are_the_same(used):
    names = FirstUse()
    for address in used:
        names.name(address)
    again = FirstUse(names.addresses)
    assert again.addresses == names.addresses
    assert [again.name(a) for a in names.addresses] == [names.name(a) for a in names.addresses]


@given(st.lists(addresses, max_size=400))
def test_names_are_counted_without_a_gap_and_end_at_64(used):
    names = FirstUse()
    found = [names.name(address) for address in used]
    for kind in ("cc", "note"):
        mine = list(dict.fromkeys(name for name in found if name.startswith(kind)))
        assert mine == [f"{kind}.{n}" for n in range(1, len(mine) + 1)]
        assert len(mine) <= MOST


def test_a_keyboard_leaves_names_for_the_knobs():
    names = FirstUse(f"note:1:{n}" for n in range(128))
    assert names.name("note:2:1") == ""
    assert names.name("cc:1:1") == "cc.1"
