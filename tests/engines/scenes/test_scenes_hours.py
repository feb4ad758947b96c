import pytest

from endlessdreams_cam.engines.scenes.hours import Hours
from endlessdreams_cam.engines.scenes.lexicon import read
from endlessdreams_cam.engines.scenes.mood import Weather


def hour(hours, text="mountains", seed=1):
    wish = read(text)
    return hours.light(wish, wish.dreamt(seed)).hour


def test_by_hand_the_hour_stands():
    hours = Hours()
    before = hour(hours)
    for _ in range(10_000):
        hours.advance(1.0, alone=False)
    assert hour(hours) == before


def test_alone_the_hour_wanders_at_most_an_hour_in_four_minutes():
    hours, seen = Hours(), [hour(Hours())]
    for _ in range(4 * 60):
        hours.advance(60.0, alone=True)
        seen.append(hour(hours))
    apart = [min(abs(a - b), 24 - abs(a - b)) for a, b in zip(seen, seen[4:], strict=False)]
    assert max(apart) <= 1.51  # half an hour is the step
    assert len(set(seen)) > 8


def test_an_hour_that_the_words_name_gives_way_little():
    hours, seen = Hours(), []
    for _ in range(180):
        hours.advance(60.0, alone=True)
        seen.append(hour(hours, "mountains at noon"))
    assert max(abs(h - 12.8) for h in seen) <= 1.6
    assert len(set(seen)) > 1


def test_the_weather_changes_too_but_never_against_the_words():
    hours, fair, wet = Hours(), set(), set()
    for _ in range(600):
        hours.advance(60.0, alone=True)
        for text, seen in (("mountains", fair), ("city in the rain", wet)):
            wish = read(text)
            seen.add(hours.light(wish, wish.dreamt(1)).weather)
    assert fair == {Weather.CLEAR, Weather.CLOUDS, Weather.MIST}
    assert wet == {Weather.RAIN}


def test_nothing_changes_in_the_first_minute():
    hours = Hours()
    hours.advance(60.0, alone=True)
    assert hour(hours) == pytest.approx(hour(Hours()))
