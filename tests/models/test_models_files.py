import original_layout
import pytest
import tiny_models
import torch
from safetensors.torch import load_file, save_file

from endlessdreams_cam.errors import ModelError
from endlessdreams_cam.models.architecture import Family, Kind
from endlessdreams_cam.models.found import Form
from endlessdreams_cam.models.recognise import recognise

FAMILIES = {"sd15": Family.SD15, "sd21": Family.SD21, "sdxl": Family.SDXL}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Return a folder with a tokenizer and one single file of each shape."""
    home = tmp_path_factory.mktemp("files")
    tiny_models.tokenizer(home / "tokenizer")
    for shape in FAMILIES:
        folder = tiny_models.folder(home / shape, shape, vae="kl")
        original_layout.single_file(home / f"{shape}.safetensors", folder)
    return home


def named(home, shape, name, **extra):
    """Return a single file of a shape under another name, with more tensors or metadata."""
    path = home / f"{name}.safetensors"
    path.unlink(missing_ok=True)
    tensors = extra.get("tensors")
    if not extra:
        path.symlink_to(home / f"{shape}.safetensors")
    else:
        whole = load_file(home / f"{shape}.safetensors") | (tensors or {})
        save_file(whole, path, metadata=extra.get("metadata"))
    return path


@pytest.mark.parametrize("shape", list(FAMILIES))
def test_the_family_is_read_from_the_header(home, shape):
    found = recognise(home / f"{shape}.safetensors")
    assert (found.form, found.family) == (Form.FILE, FAMILIES[shape])
    real = tiny_models.unet(shape).config
    for key in ("block_out_channels", "cross_attention_dim", "down_block_types", "up_block_types"):
        assert (
            tuple(found.parts["unet"].config[key]) == tuple(real[key])
            if isinstance(real[key], (tuple, list))
            else found.parts["unet"].config[key] == real[key]
        )
    assert found.parts["vae"].config["block_out_channels"] == (32, 32, 32, 32)
    assert len(found.tokenizers) == (2 if shape == "sdxl" else 1)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("sd_turbo_fp16", Kind.TURBO),
        ("DreamShaperXL_Lightning", Kind.TURBO),
        ("Hyper-SD15", Kind.TURBO),
        ("hyperreal_v3", Kind.PLAIN),
        ("dreamshaper_lcm", Kind.LCM),
        ("v1-5-pruned", Kind.PLAIN),
    ],
)
def test_the_kind_is_taken_from_the_name(home, name, kind):
    found = recognise(named(home, "sd15", name))
    assert found.kind is kind
    assert found.spacing == ("leading" if kind is Kind.PLAIN else "trailing")
    assert bool(found.notes) == (kind is Kind.PLAIN)


@pytest.mark.parametrize(
    ("shape", "name", "prediction", "guessed"),
    [
        ("sd15", "anything", "epsilon", False),
        ("sd21", "v2-1_768-nonema", "v_prediction", True),
        ("sd21", "v2-1_512-base", "epsilon", False),
        ("sd21", "my-sd-turbo", "epsilon", False),
        ("sdxl", "noob_vpred", "v_prediction", False),
        ("sdxl", "noob_v-pred-1", "v_prediction", False),
    ],
)
def test_the_prediction_is_taken_from_the_name_where_nothing_else_tells(
    home, shape, name, prediction, guessed
):
    found = recognise(named(home, shape, name))
    assert found.prediction == prediction
    assert any("put `base` into its name" in note for note in found.notes) == guessed


@pytest.mark.parametrize(
    ("shape", "name", "side"),
    [("sd15", "a", 512), ("sd21", "b", 768), ("sd21", "b-base", 512), ("sdxl", "c", 1024),
     ("sdxl", "c-lightning", 1024), ("sdxl", "c-turbo", 512)],
)  # fmt: skip
def test_the_best_size_is_the_one_of_the_training(home, shape, name, side):
    assert recognise(named(home, shape, name)).best_size == (side, side)


def test_marks_that_trainers_leave_count_before_the_name(home):
    marks = {"v_pred": torch.zeros(1), "ztsnr": torch.zeros(1)}
    found = recognise(named(home, "sdxl", "marked", tensors=marks))
    assert found.prediction == "v_prediction"
    assert found.schedule["rescale_betas_zero_snr"]


def test_what_the_maker_wrote_into_the_file_counts(home):
    told = {"modelspec.prediction_type": "epsilon", "modelspec.title": "my LCM"}
    found = recognise(named(home, "sd21", "told", metadata=told))
    assert (found.prediction, found.kind) == ("epsilon", Kind.LCM)


@pytest.mark.parametrize(
    ("names", "cause"),
    [
        (["lora_unet_x.lora_down.weight"], "is a LoRA: it is played on top"),
        (["control_model.input_blocks.0.0.weight"], "is a ControlNet"),
        (["double_blocks.0.img_attn.qkv.weight"], "is a Flux model"),
        (["model.joint_blocks.0.x"], "is a Stable Diffusion 3 model"),
        (["emb_params"], "is an embedding of words"),
        (["down_blocks.0.resnets.0.conv1.weight"], "is one net of a model"),
        (["decoder.conv_in.weight"], "is a VAE alone"),
        (["head.weight"], "is not a model that is known"),
    ],
)
def test_what_else_comes_as_safetensors_is_named(tmp_path, names, cause):
    save_file({name: torch.zeros(1) for name in names}, tmp_path / "x.safetensors")
    with pytest.raises(ModelError, match=cause) as caught:
        recognise(tmp_path / "x.safetensors")
    assert "original layout" in caught.value.remedy


@pytest.mark.parametrize(
    ("without", "cause"),
    [
        ("first_stage_model.", "has no VAE"),
        ("cond_stage_model.", "has no text encoder"),
        ("model.diffusion_model.input_blocks.4.0.out_layers.3.weight", "input_blocks.4.0.*missing"),
        ("model.diffusion_model.input_blocks.11.", "a UNet of 11 input blocks"),
    ],
)
def test_a_missing_part_is_named(home, tmp_path, without, cause):
    (tmp_path / "tokenizer").symlink_to(home / "tokenizer")
    path = tmp_path / "x.safetensors"
    original_layout.single_file(path, home / "sd15", without=(without,))
    with pytest.raises(ModelError, match=cause):
        recognise(path)


def test_a_file_of_scaled_eighths_is_named(home):
    scales = {"model.diffusion_model.out.2.scale_weight": torch.ones(1)}
    with pytest.raises(ModelError, match="quantised to 8 bits"):
        recognise(named(home, "sd15", "small", tensors=scales))


def test_an_inpainting_file_is_named(home):
    mask = {"model.diffusion_model.input_blocks.0.0.weight": torch.zeros(32, 9, 3, 3)}
    with pytest.raises(ModelError, match="inpaints"):
        recognise(named(home, "sd15", "inpaint", tensors=mask))


def test_a_cut_file_is_not_whole(home, tmp_path):
    path = tmp_path / "x.safetensors"
    path.write_bytes((home / "sd15.safetensors").read_bytes()[:-100])
    with pytest.raises(ModelError, match=r"is cut off: .* bytes instead of"):
        recognise(path)


@pytest.mark.parametrize("ending", ["ckpt", "pt", "pth", "bin", "pkl"])
def test_pickles_are_refused_unopened(tmp_path, ending):
    path = tmp_path / f"dream.{ending}"
    path.write_bytes(b"")
    with pytest.raises(ModelError, match="can run any code") as caught:
        recognise(path)
    assert ".safetensors" in caught.value.remedy


@pytest.mark.parametrize(
    ("ending", "cause"),
    [("gguf", "quantised"), ("onnx", "ONNX"), ("zip", "an archive"), ("txt", "not a model")],
)
def test_other_formats_are_named(tmp_path, ending, cause):
    (tmp_path / f"dream.{ending}").write_bytes(b"")
    with pytest.raises(ModelError, match=cause):
        recognise(tmp_path / f"dream.{ending}")
