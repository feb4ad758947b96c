import subprocess
import sys

import pytest

from endlessdreams_cam.engines.scenes import lexicon
from endlessdreams_cam.engines.scenes.lexicon import read, style_of
from endlessdreams_cam.engines.scenes.lexicon_scenes import SCENES
from endlessdreams_cam.engines.scenes.lexicon_words import COLOURS, NATURAL, STYLES
from endlessdreams_cam.engines.scenes.mood import Weather
from endlessdreams_cam.engines.scenes.palettes import PALETTES
from endlessdreams_cam.engines.scenes.styles import STYLES as PAINTED


@pytest.mark.parametrize(
    ("text", "scene"),
    [
        ("a face made of embers, sparks rising", "fire"),
        ("cyberpunk street in the rain", "city"),
        ("koi pond, watercolor", "underwater"),
        ("my grandmother's garden", "flowers"),
        ("the inside of a dying star", "galaxy"),
        ("northern lights over a frozen lake", "aurora"),
        ("aurora above the pine forest", "aurora"),
        ("mountains under the moon, blue night", "mountains"),
        ("city under the sea", "underwater"),
        ("crystal ocean", "ocean"),
        ("ocean crystal", "crystals"),
        ("glowing embers in the dark", "fire"),
        ("forêt enchantée", "forest"),
        ("ein stilles Bergtal", "mountains"),
        ("playa al atardecer", "ocean"),
        ("a castle in the clouds", "sky"),
        ("8-bit arcade racing", "synthwave"),
        ("waves", "ocean"),
        ("foggy woods without mountains", "forest"),
        ("lofi study room", "city"),
        ("haunted mansion", "forest"),
        ("medieval village", "mountains"),
        ("egyptian pharaoh", "mountains"),
        ("fireworks over the city", "city"),
        ("waterfall in the jungle", "forest"),
        ("harry potter great hall", "fire"),
        ("train through the mountains", "mountains"),
        ("night train", "city"),
        ("underwater city", "underwater"),
        ("neon koi fish", "underwater"),
        ("🔥🔥🔥", "fire"),
        ("🌊", "ocean"),
        ("🌸", "flowers"),
        ("my cat 🚀🌌", "galaxy"),
    ],
)
def test_the_words_choose_the_scene(text, scene):
    wish = read(text)
    assert wish.scene == scene
    assert not wish.guessed


@pytest.mark.parametrize("text", ["asdf", "", "!!!", "桜", "a portrait of you", "x" * 400, "🪛"])
def test_unknown_words_choose_a_scene_too(text):
    wish = read(text)
    assert wish.scene in SCENES
    assert wish.guessed


def test_unknown_words_differ():
    assert (
        len(
            {
                (read(w).scene, read(w).mood.palette.name)
                for w in ["qwe", "rtz", "uio", "pas", "dfg"]
            }
        )
        > 2
    )


def test_a_wish_is_the_same_in_every_process():
    code = (
        "from endlessdreams_cam.engines.scenes.lexicon import read\n"
        "for t in ('asdf', 'qwertz', 'pine forest at dusk, emerald'): w = read(t); "
        "print(w.scene, w.mood.seed, w.mood.palette.name, w.dreamt(7).seed, w.dreamt(7).hour)"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, text=True,
            env={"PYTHONHASHSEED": salt, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for salt in ("1", "2")
    }  # fmt: skip
    assert len(said) == 1


def test_the_nouns_make_the_composition():
    dawn, dusk = read("ocean at dawn"), read("a calm ocean at dusk, emerald")
    assert dawn.mood.seed == dusk.mood.seed
    assert dawn.mood.hour < 7 < 19 < dusk.mood.hour
    assert read("ocean").mood.seed != read("ocean, whale").mood.seed
    assert dawn.dreamt(1).seed != dawn.dreamt(2).seed


def test_an_hour_that_is_not_named_is_the_scenes_own():
    assert {read("city").dreamt(s).hour for s in range(20)} <= {21.4, 22.6, 20.2}
    assert {read("city at noon").dreamt(s).hour for s in range(20)} == {12.8}


def test_the_mood_is_read():
    mood = read("stormy mountains at midnight, rose and gold, wild").mood
    assert mood.weather is Weather.STORM
    assert mood.hour < 1
    assert mood.palette.name == "rose+gold"
    assert mood.palette.ramp[0] == PALETTES["rose"].ramp[0]
    assert mood.palette.ramp[-1] == PALETTES["gold"].ramp[-1]
    assert mood.energy == 1
    assert read("calm ocean").mood.energy < 0


def test_golden_hour_is_an_hour_and_not_gold():
    mood = read("golden hour in the mountains").mood
    assert 17 < mood.hour < 18.5
    assert not mood.palette.name


def test_what_a_thing_is_anyway_is_no_palette():
    assert not read("blue sky, white clouds").mood.palette.name
    assert read("blue flames").mood.palette.name == "cobalt"


def test_a_hint_inside_a_scenes_phrase_counts():
    assert read("sunset ocean").mood.hour == pytest.approx(18.9)


@pytest.mark.parametrize(
    ("text", "weather"),
    [
        ("a wild bonfire on a beach, storm of sparks", Weather.CLEAR),
        ("aurora storm, wild emerald rays", Weather.CLEAR),
        ("snowy mountain peaks at noon", Weather.CLEAR),
        ("snow falling on snowy peaks", Weather.SNOW),
        ("a storm at sea", Weather.STORM),
    ],
)
def test_a_word_inside_a_thing_is_no_weather(text, weather):
    wish = read(text)
    assert wish.mood.weather is weather
    assert "snowy" not in text or wish.mood.says("snowy")


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("summer sky with fast white clouds", 10, 15),
        ("blue sky at sunset", 18, 20),
        ("a haunted mansion", 21, 24),
        ("a graveyard at dawn", 6, 7),
        ("in the dark, before dawn", 2, 4),
        ("blue hour", 20, 22),
    ],
)
def test_things_have_their_hours_unless_the_words_name_one(text, low, high):
    assert low <= read(text).mood.hour <= high


def test_midnight_blue_is_a_colour():
    wish = read("deep sea, midnight blue")
    assert not wish.timed
    assert "cobalt" in wish.mood.palette.name


def test_negations_are_heard():
    assert read("mountains, no snow").mood.weather is Weather.CLEAR


def test_scenes_get_their_words():
    mood = read("campfires under the stars").mood
    assert mood.says("campfire")
    assert mood.says("campfires")
    assert read("ein Lagerfeuer").mood.says("campfire")


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("koi pond, watercolor", "watercolour"),
        ("sunset ocean, oil painting", "oil"),
        ("neon city", ""),
        ("a street, neon", "neon"),
        ("neon style forest", "neon"),
        ("glass garden", ""),
        ("stained glass cathedral", "glass"),
        ("paper mountains", "paper"),
        ("pixel art castle", "pixel"),
        ("low poly desert", "lowpoly"),
        ("samurai, ukiyo-e", "woodcut"),
        ("film noir alley", "noir"),
        ("a lily, soft focus", "soft"),
        ("a soft light between the trees", ""),
        ("robot, vhs", "vhs"),
        ("robot, comic", "comic"),
        ("ink sketch of a bird", "sketch"),
    ],
)
def test_the_style_is_read(text, style):
    assert read(text).style == style


def test_the_presets_style_wins_and_leaves_the_scene():
    wish = read("koi pond, watercolour", "neon, at night")
    assert (wish.scene, wish.style) == ("underwater", "neon")
    assert wish.mood.hour > 21
    assert style_of("ink sketch") == "sketch"
    assert style_of("") == ""


def test_every_name_in_the_lexicon_exists():
    assert set(COLOURS) - {NATURAL} <= set(PALETTES)
    assert set(STYLES) == set(PAINTED)


def test_every_phrase_can_be_met():
    """A plural in a phrase would hide it: words are brought to the form that stands alone."""
    tokens = lexicon._tokens()
    hidden = {
        word
        for phrase in lexicon._entries()
        if len(phrase) > 1
        for word in phrase
        if lexicon._form(word, tokens) != word
    }
    assert not hidden


def test_the_lexicon_is_rich():
    assert len(lexicon._entries()) > 1500


def test_palettes_run_from_dark_to_light():
    for ramp in (p.ramp for p in PALETTES.values()):
        lumas = [0.3 * r + 0.59 * g + 0.11 * b for r, g, b in ramp]
        assert len(ramp) == 6
        assert lumas == sorted(lumas)
