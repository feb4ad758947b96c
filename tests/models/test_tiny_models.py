"""The tests' own models are what they say: diffusers' pipelines dream with them."""

import pytest
import tiny_models


@pytest.mark.parametrize("shape", ["sd15", "sd21", "sdxl"])
def test_a_pipeline_dreams_with_the_folder(tmp_path, shape, capfd):
    from diffusers import DiffusionPipeline

    folder = tiny_models.folder(tmp_path, shape)
    pipeline = DiffusionPipeline.from_pretrained(folder)
    size = {"height": 64, "width": 64, "output_type": "np"}
    picture = pipeline("a cat", num_inference_steps=1, guidance_scale=1.0, **size).images[0]
    other = pipeline("the sea", num_inference_steps=1, guidance_scale=1.0, **size).images[0]
    assert picture.shape == (64, 64, 3)
    assert picture.std() > 0.02
    assert abs(picture - other).mean() > 0.01


def test_the_vocabulary_merges_words():
    ids = tiny_models.vocabulary()
    assert len(ids) == 512 + len(tiny_models.merges()) + 2
