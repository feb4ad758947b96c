"""The tests of test_controllers_on_jack.py through ALSA's sequencer, which Linux plays on."""

import sys

import pytest
from missing import missing

pytestmark = [pytest.mark.realcam, pytest.mark.timeout(200)]

SCRIPT = f"""
[[ -e /dev/snd/seq ]] || exit 77
export ENDLESSDREAMS_TEST_MIDI=alsa
{sys.executable} -m pytest -q --color=no -p no:cacheprovider --basetemp=/tmp/alsa-tests \
    tests/controllers/test_controllers_on_jack.py \
    -k "not twenty_times and not closing and not another_one"
"""
"""What takes long is left to JACK: it is the same code, in a guest of one slow processor."""


def test_controllers_on_alsa(realcam):
    done = realcam(SCRIPT)
    if done.code == 77:
        missing("ALSA's sequencer", "sudo modprobe snd-seq")
    assert done.code == 0, done.said[-3000:]
    assert " passed" in done.said
    assert "failed" not in done.said
