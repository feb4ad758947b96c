import json
import shutil

import pytest
import tiny_models

from endlessdreams_cam.errors import ModelError
from endlessdreams_cam.frame import Size
from endlessdreams_cam.models.architecture import Family, Kind
from endlessdreams_cam.models.recognise import recognise


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return tiny_models.folder(tmp_path_factory.mktemp("model") / "sd", vae="kl")


@pytest.fixture
def folder(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / "sd")


def edit(path, **changes):
    config = json.loads(path.read_text()) | changes
    path.write_text(json.dumps({key: value for key, value in config.items() if value != "-"}))


@pytest.mark.parametrize(
    ("shape", "options", "expected"),
    [
        ("sd15", {}, (Family.SD15, Kind.TURBO, "epsilon", "trailing", None)),
        ("sd15", {"lcm": True}, (Family.SD15, Kind.LCM, "epsilon", "leading", 16)),
        ("sd15", {"scheduler": "lcm"}, (Family.SD15, Kind.LCM, "epsilon", "leading", None)),
        ("sd15", {"scheduler": "ddim"}, (Family.SD15, Kind.PLAIN, "epsilon", "leading", None)),
        (
            "sd21",
            {"prediction": "v_prediction", "scheduler": "ddim", "vae": "kl"},
            (Family.SD21, Kind.PLAIN, "v_prediction", "leading", None),
        ),
        ("sdxl", {}, (Family.SDXL, Kind.TURBO, "epsilon", "trailing", None)),
    ],
)
def test_a_folder_is_recognised(tmp_path, shape, options, expected):
    found = recognise(tiny_models.folder(tmp_path, shape, **options))
    said = (found.family, found.kind, found.prediction, found.spacing, found.guidance_embedding)
    assert said == expected
    assert bool(found.notes) == (found.kind is Kind.PLAIN)
    assert len(found.tokenizers) == (2 if shape == "sdxl" else 1)
    assert found.parts["vae"].kind == ("AutoencoderKL" if "vae" in options else "AutoencoderTiny")


def test_the_best_size_is_the_one_that_the_net_was_trained_at(folder):
    edit(folder / "unet" / "config.json", sample_size=96)
    edit(folder / "scheduler" / "scheduler_config.json", timestep_spacing="leading")
    assert recognise(folder).best_size == Size(768, 768)


def test_parameters_are_counted_from_the_headers(whole):
    net = tiny_models.unet("sd15")
    counted = sum(value.numel() for value in net.parameters())
    assert recognise(whole).parts["unet"].parameters == counted


@pytest.mark.parametrize("part", ["unet", "vae", "text_encoder"])
def test_weights_that_are_only_pickles_are_refused(folder, part):
    (weights,) = (folder / part).glob("*.safetensors")
    weights.rename(weights.with_suffix(".bin"))
    with pytest.raises(ModelError, match=r"\.bin, a format that can run any code"):
        recognise(folder)


def test_a_pickle_beside_safetensors_is_never_opened(folder):
    (folder / "unet" / "diffusion_pytorch_model.bin").write_bytes(b"\x80\x04 not even whole")
    assert recognise(folder).family is Family.SD15


@pytest.mark.parametrize("name", ["pipeline.py", "unet/my_unet.py", "unet/fast.so"])
def test_code_is_refused(folder, name):
    (folder / name).write_text("raise SystemExit('this must never run')")
    with pytest.raises(ModelError, match="brings code of its own") as caught:
        recognise(folder)
    assert name.rpartition("/")[2] in caught.value.cause
    assert "delete" in caught.value.remedy


@pytest.mark.parametrize(
    ("file", "changes", "cause"),
    [
        ("unet/config.json", {"auto_map": {"AutoModel": "x--y"}}, "its auto_map asks for code"),
        ("model_index.json", {"custom_pipeline": "mine"}, "its custom_pipeline asks for code"),
        ("tokenizer/tokenizer_config.json", {"auto_map": {}}, "its auto_map asks for code"),
        ("model_index.json", {"unet": ["my_unet", "Net"]}, "its unet comes from 'my_unet'"),
        ("model_index.json", {"_class_name": "FluxPipeline"}, "is a FluxPipeline, which is not"),
        ("unet/config.json", {"_class_name": "UNet3D"}, "is a UNet3D instead of UNet2DCond"),
        ("unet/config.json", {"in_channels": 9}, "inpaints: its UNet takes 9 channels"),
        ("unet/config.json", {"in_channels": 8}, "edits by instruction"),
        ("scheduler/scheduler_config.json", {"prediction_type": "sample"}, "predicts 'sample'"),
        (
            "unet/config.json",
            {"addition_embed_type": "text_time", "cross_attention_dim": 1280},
            "SDXL's refiner",
        ),
    ],
)
def test_what_is_not_known_is_named(folder, file, changes, cause):
    edit(folder / file, **changes)
    with pytest.raises(ModelError, match=cause):
        recognise(folder)


@pytest.mark.parametrize(
    ("gone", "cause"),
    [
        ("model_index.json", "has no model_index.json"),
        ("vae", "has no vae"),
        ("text_encoder", "has no text_encoder"),
        ("unet/config.json", "unet/config.json is missing"),
        ("scheduler", "scheduler/scheduler_config.json is missing"),
        ("tokenizer/merges.txt", "has no tokenizer"),
        ("unet/diffusion_pytorch_model.safetensors", "has no weights"),
    ],
)
def test_a_missing_part_is_named(folder, gone, cause):
    path = folder / gone
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    with pytest.raises(ModelError, match=cause) as caught:
        recognise(folder)
    assert caught.value.remedy


def test_parts_of_different_models_are_refused(folder):
    edit(folder / "text_encoder" / "config.json", hidden_size=128)
    with pytest.raises(ModelError, match="give vectors of 128, its UNet takes 64"):
        recognise(folder)


def test_a_folder_with_one_file_points_to_it(tmp_path):
    (tmp_path / "dream.safetensors").write_bytes(b"")
    with pytest.raises(ModelError) as caught:
        recognise(tmp_path)
    assert "dream.safetensors?" in caught.value.remedy


def test_a_path_that_is_not_there_is_said(tmp_path):
    with pytest.raises(ModelError, match="There is no model at"):
        recognise(tmp_path / "nothing")


def test_broken_json_is_named(folder):
    (folder / "unet" / "config.json").write_text("{")
    with pytest.raises(ModelError, match=r"config\.json cannot be read as JSON"):
        recognise(folder)


def test_shards_are_read_together(folder):
    from safetensors.torch import load_file, save_file

    file = folder / "unet" / "diffusion_pytorch_model.safetensors"
    tensors = load_file(file)
    file.unlink()
    names = sorted(tensors)
    halves = {"a": names[:200], "b": names[200:]}
    for half, part in halves.items():
        chosen = {name: tensors[name] for name in part}
        save_file(chosen, folder / "unet" / f"diffusion_pytorch_model-{half}.safetensors")
    index = {
        name: f"diffusion_pytorch_model-{half}.safetensors"
        for half, part in halves.items()
        for name in part
    }
    path = folder / "unet" / "diffusion_pytorch_model.safetensors.index.json"
    path.write_text(json.dumps({"weight_map": index}))
    assert recognise(folder).parts["unet"].parameters == sum(t.numel() for t in tensors.values())
    path.write_text(json.dumps({"weight_map": {"x": "../../etc/other.safetensors"}}))
    with pytest.raises(ModelError, match="names files that cannot be weights"):
        recognise(folder)
