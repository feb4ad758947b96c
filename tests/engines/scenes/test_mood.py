import colorsys

import pytest

from endlessdreams_cam.engines.scenes.mood import Mood, Weather, light_for
from endlessdreams_cam.engines.scenes.palettes import PALETTES


def chroma(colour):
    return max(colour) - min(colour)


@pytest.mark.parametrize("weather", [Weather.RAIN, Weather.STORM])
@pytest.mark.parametrize("hour", [7.0, 13.0, 18.6, 20.0])
def test_rain_clouds_let_no_brown_light_through(weather, hour):
    light = light_for(Mood(hour=hour, weather=weather))
    assert light.middle[2] >= light.middle[0]
    assert light.zenith[2] > light.zenith[0]


def test_the_blue_hour_is_blue():
    light = light_for(Mood(hour=20.9))
    for colour in (light.zenith, light.middle, light.horizon):
        hue = colorsys.rgb_to_hsv(*colour)[0] * 360
        assert 215 < hue < 260
    assert chroma(light.zenith) > 0.2


@pytest.mark.parametrize("name", ["gold", "amber", "rose", "emerald"])
def test_a_palette_never_greys_the_sky_that_it_dyes(name):
    ramp = PALETTES[name].ramp
    light = light_for(Mood(hour=13.0, palette=PALETTES[name]))
    assert chroma(light.middle) > 0.55 * chroma(ramp[3])
