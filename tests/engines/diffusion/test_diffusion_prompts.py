import pytest
import torch

from endlessdreams_cam.engines.diffusion.prompts import NOTHING, Encoded, Encoder, cut_off, mix


@pytest.fixture(params=["sd15", "sdxl"])
def encode(nets, request):
    return Encoder(nets(request.param))


def test_one_prompt_is_exactly_itself(encode):
    cat = encode("a cat")
    assert torch.equal(mix([(cat, 0.3), (encode("the sea"), 0.0)]).tokens, cat.tokens)


def test_order_does_not_count_and_weights_are_relative(encode):
    cat, sea = encode("a cat"), encode("the sea")
    one, other = mix([(cat, 0.2), (sea, 0.6)]), mix([(sea, 3.0), (cat, 1.0)])
    assert torch.allclose(one.tokens, other.tokens, atol=1e-5)
    if one.pooled is not None:
        assert torch.allclose(one.pooled, other.pooled, atol=1e-5)


def test_it_is_continuous_where_a_weight_reaches_nothing(encode):
    cat, sea = encode("a cat"), encode("the sea")
    assert torch.allclose(mix([(cat, 1.0), (sea, 1e-6)]).tokens, cat.tokens, atol=1e-4)


def test_norms_are_the_weighted_mean_of_norms():
    random = torch.Generator().manual_seed(0)
    a, b = (Encoded(torch.randn((1, 77, 32), generator=random) * n, None) for n in (1, 5))
    found = mix([(a, 1.0), (b, 3.0)]).tokens.norm(dim=-1)
    wanted = (a.tokens.norm(dim=-1) + 3 * b.tokens.norm(dim=-1)) / 4
    assert torch.allclose(found, wanted, rtol=1e-4)


def test_opposites_do_not_blow_up():
    tokens = torch.ones((1, 77, 8))
    assert (
        mix([(Encoded(tokens, None), 1.0), (Encoded(-tokens, None), 1.0)]).tokens.isfinite().all()
    )


def test_texts_are_encoded_once_and_the_oldest_forgotten(encode):
    first = encode("a cat")
    assert encode("a cat") is first
    for n in range(70):
        encode(f"text {n}")
    assert "a cat" not in encode
    assert "text 69" in encode


def test_no_negative_prompt_is_nothing_for_sdxl_and_the_empty_text_else(encode):
    nothing = encode(NOTHING)
    if nothing.pooled is not None:
        assert not nothing.tokens.any()
        assert not nothing.pooled.any()
    else:
        assert torch.equal(nothing.tokens, encode("").tokens)


def test_it_says_what_did_not_fit(nets):
    encoder = nets("sd15").text_encoders[0]
    assert cut_off(encoder, "dog " * 75) == ""
    assert cut_off(encoder, "dog " * 75 + "sea fire") == "sea fire"
