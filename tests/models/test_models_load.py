import json
import subprocess
import sys

import original_layout
import pytest
import tiny_models
import torch
from safetensors.torch import load_file, save_file

from endlessdreams_cam.errors import ModelError
from endlessdreams_cam.models.load import load

SHAPES = ["sd15", "sd21", "sdxl"]


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    home = tmp_path_factory.mktemp("models")
    return {shape: tiny_models.folder(home / shape, shape, vae="kl") for shape in SHAPES}


def nets_of(nets):
    encoders = {f"text_encoder{'_2' * n}": e.net for n, e in enumerate(nets.text_encoders)}
    return {"unet": nets.unet, "vae": nets.vae, **encoders}


@pytest.mark.parametrize("shape", SHAPES)
def test_nets_are_those_that_diffusers_loads(folders, shape):
    from diffusers import DiffusionPipeline

    pipeline = DiffusionPipeline.from_pretrained(folders[shape])
    nets = load(folders[shape], "cpu", torch.float32)
    for name, net in nets_of(nets).items():
        theirs = getattr(pipeline, name).state_dict()
        ours = net.state_dict()
        assert ours.keys() == theirs.keys()
        assert all(torch.equal(ours[key], theirs[key]) for key in theirs), name
        assert not net.training
        assert not any(value.requires_grad for value in net.parameters())
    expected = pipeline.scheduler.alphas_cumprod.double()
    assert torch.allclose(nets.schedule.alphas_cumprod, expected, atol=1e-6)
    assert nets.schedule.alphas_cumprod.dtype is torch.float64


@pytest.mark.parametrize("shape", SHAPES)
def test_a_prompt_is_encoded_as_the_pipeline_does(folders, shape):
    from diffusers import DiffusionPipeline

    pipeline = DiffusionPipeline.from_pretrained(folders[shape])
    nets = load(folders[shape], "cpu", "float32")
    tokens, pooled = encode(nets, "the red dog, fire")
    theirs = pipeline.encode_prompt("the red dog, fire", device="cpu", num_images_per_prompt=1,
                                    do_classifier_free_guidance=False)  # fmt: skip
    assert torch.allclose(tokens, theirs[0], atol=1e-5)
    if shape == "sdxl":
        assert torch.allclose(pooled, theirs[2], atol=1e-5)
    assert nets.time_ids == (shape == "sdxl")


def encode(nets, text):
    found, pooled = [], None
    for encoder in nets.text_encoders:
        ids = encoder.tokenizer(
            text, padding="max_length", max_length=77, truncation=True, return_tensors="pt"
        ).input_ids
        said = encoder.net(ids, output_hidden_states=True)
        layer = encoder.layer
        found.append(said.last_hidden_state if layer is None else said.hidden_states[layer])
        pooled = said.text_embeds if encoder.pooled else pooled
    return torch.cat(found, dim=-1), pooled


@pytest.mark.parametrize("shape", SHAPES)
def test_a_single_file_gives_the_nets_of_its_folder(folders, tmp_path, shape):
    (tmp_path / "tokenizer").symlink_to(folders[shape] / "tokenizer")
    file = original_layout.single_file(tmp_path / "dream-turbo.safetensors", folders[shape])
    nets, theirs = load(file, "cpu", "float32"), load(folders[shape], "cpu", "float32")
    assert (nets.family, nets.kind) == (theirs.family, theirs.kind)
    for name, net in nets_of(nets).items():
        ours, expected = net.state_dict(), nets_of(theirs)[name].state_dict()
        assert ours.keys() == expected.keys()
        assert all(torch.equal(ours[key], expected[key]) for key in expected), name
    same = encode(nets, "a cat"), encode(theirs, "a cat")
    assert torch.allclose(same[0][0], same[1][0], atol=1e-6)
    latents = torch.randn(1, 4, 8, 8)
    said = [one.vae.decode(latents).sample for one in (nets, theirs)]
    assert torch.equal(*said)
    assert torch.equal(*dreams(nets, theirs, latents))


def dreams(*models, latents=None):
    *models, latents = models
    for nets in models:
        tokens, pooled = encode(nets, "the sea")
        added = {"text_embeds": pooled, "time_ids": torch.zeros(1, 6)} if nets.time_ids else None
        yield nets.unet(latents, torch.tensor(999), tokens, added_cond_kwargs=added).sample


def test_half_precision_is_loaded_as_such_and_sdxls_own_vae_is_not(folders):
    nets = load(folders["sdxl"], "cpu", "float16")
    assert nets.unet.dtype is torch.float16
    assert nets.text_encoders[1].net.dtype is torch.float16
    assert nets.vae.dtype is torch.float32
    assert load(folders["sdxl"], "cpu", "bfloat16").vae.dtype is torch.bfloat16


def test_an_lcm_says_how_wide_its_guidance_embedding_is(tmp_path):
    nets = load(tiny_models.folder(tmp_path, "sd15", lcm=True), "cpu", "float32")
    assert nets.guidance_embedding == tiny_models.LCM_EMBEDDING
    assert nets.tiny_vae


def test_progress_rises_to_one(folders):
    told = []
    load(folders["sdxl"], "cpu", "float32", progress=lambda done, doing: told.append((done, doing)))
    shares = [done for done, _ in told]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1, abs=0.02)
    assert len({doing for _, doing in told}) == 4


def test_old_names_of_a_vaes_attention_are_known(folders, tmp_path):
    folder = clone(folders["sd15"], tmp_path)
    file = folder / "vae" / "diffusion_pytorch_model.safetensors"
    new = load_file(file)
    olds = {
        ".to_q.": ".query.",
        ".to_k.": ".key.",
        ".to_v.": ".value.",
        ".to_out.0.": ".proj_attn.",
    }
    tensors = {}
    for name, tensor in new.items():
        for now, old in olds.items():
            name = name.replace(now, old)
        tensors[name] = tensor
    save_file(tensors, file)
    loaded = load(folder, "cpu", "float32").vae.state_dict()
    assert all(torch.equal(loaded[name], new[name]) for name in new)


@pytest.mark.parametrize("part", ["unet", "text_encoder"])
def test_a_configuration_that_makes_no_net_is_said(folders, tmp_path, part):
    folder = clone(folders["sd15"], tmp_path)
    config = folder / part / "config.json"
    damage = {"layers_per_block": "two"} if part == "unet" else {"num_attention_heads": 7}
    config.write_text(json.dumps(json.loads(config.read_text()) | damage))
    with pytest.raises(ModelError, match=rf"configuration of clone \({part}\) makes no net"):
        load(folder, "cpu", "float32")


def test_positions_that_older_files_hold_do_not_matter(folders, tmp_path):
    folder = clone(folders["sd15"], tmp_path)
    file = folder / "text_encoder" / "model.safetensors"
    old = {f"text_model.{name}": tensor for name, tensor in load_file(file).items()}
    old["text_model.embeddings.position_ids"] = torch.arange(77)[None] + 5
    save_file(old, file)
    ours, theirs = (load(one, "cpu", "float32") for one in (folder, folders["sd15"]))
    assert torch.equal(encode(ours, "the sea")[0], encode(theirs, "the sea")[0])


def test_a_file_that_is_written_over_changes_nothing_loaded(folders, tmp_path):
    folder = clone(folders["sd15"], tmp_path)
    nets = load(folder, "cpu", "float32")
    linear = nets.unet.time_embedding.linear_1.weight
    before = linear.clone()
    file = folder / "unet" / "diffusion_pytorch_model.safetensors"
    with file.open("r+b") as raw:
        raw.write(bytes(file.stat().st_size))
    assert torch.equal(linear, before)


def clone(folder, tmp_path):
    import shutil

    return shutil.copytree(folder, tmp_path / "clone")


def test_a_missing_tensor_is_named(folders, tmp_path):
    folder = clone(folders["sd15"], tmp_path)
    file = folder / "unet" / "diffusion_pytorch_model.safetensors"
    tensors = load_file(file)
    del tensors["mid_block.attentions.0.norm.weight"]
    save_file(tensors, file)
    with pytest.raises(ModelError, match=r"\(unet\) lacks 1 of .* mid_block.attentions.0.norm"):
        load(folder, "cpu", "float32")


def test_weights_of_another_shape_are_named(folders, tmp_path):
    folder = clone(folders["sd15"], tmp_path)
    config = folder / "unet" / "config.json"
    wider = {"block_out_channels": [64, 64, 64, 64]}
    config.write_text(json.dumps(json.loads(config.read_text()) | wider))
    with pytest.raises(ModelError, match=r"clone \(unet\): .* is \(32.* instead of \(64"):
        load(folder, "cpu", "float32")


def test_a_tokenizer_without_a_configuration_has_clips_length(folders, tmp_path):
    folder = clone(folders["sd15"], tmp_path)
    (folder / "tokenizer" / "tokenizer_config.json").unlink()
    (encoder,) = load(folder, "cpu", "float32").text_encoders
    assert encoder.tokenizer.model_max_length == 77


def test_a_broken_tokenizer_is_said(folders, tmp_path):
    folder = clone(folders["sd15"], tmp_path)
    (folder / "tokenizer" / "merges.txt").write_text("#version: 0.2\nq z</w>\n")
    with pytest.raises(ModelError, match=r"tokenizer in .* is broken"):
        load(folder, "cpu", "float32")


@pytest.mark.parametrize("kind", ["scaled_linear", "linear"])
def test_schedules_are_those_of_diffusers(kind):
    from diffusers import DDIMScheduler

    from endlessdreams_cam.models.architecture import SCHEDULE
    from endlessdreams_cam.models.load import alphas_cumprod

    config = {**SCHEDULE, "beta_schedule": kind}
    theirs = DDIMScheduler(**config).alphas_cumprod
    assert torch.allclose(alphas_cumprod(config), theirs.double(), atol=1e-6)
    betas = DDIMScheduler(**config).betas.tolist()
    assert torch.allclose(alphas_cumprod({"trained_betas": betas}), theirs.double(), atol=1e-6)
    with pytest.raises(ModelError, match="'cosine' is not known"):
        alphas_cumprod({"beta_schedule": "cosine"})


def test_zero_snr_schedules_are_those_of_diffusers():
    from diffusers import EulerDiscreteScheduler

    from endlessdreams_cam.models.architecture import SCHEDULE
    from endlessdreams_cam.models.load import alphas_cumprod

    theirs = EulerDiscreteScheduler(**SCHEDULE, rescale_betas_zero_snr=True).alphas_cumprod
    ours = alphas_cumprod({**SCHEDULE, "rescale_betas_zero_snr": True})
    assert torch.allclose(ours, theirs.double(), atol=1e-6)
    assert ours[-1] == theirs[-1]


def test_nothing_of_torch_is_imported_to_recognise(folders):
    code = (
        "import sys; from pathlib import Path;"
        "from endlessdreams_cam.models.recognise import recognise;"
        "print(recognise(Path(sys.argv[1])).family);"
        "print(sorted({'torch', 'diffusers', 'transformers'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, folders["sdxl"]], capture_output=True, text=True, check=True
    )
    assert done.stdout.split("\n")[:2] == ["SDXL", "[]"]
