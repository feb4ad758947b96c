import json

import pytest
import tiny_models
import torch
from safetensors.torch import load_file, save_file

from endlessdreams_cam.errors import ModelError
from endlessdreams_cam.models.lora_names import list_loras, lora_path, read_lora_names
from endlessdreams_cam.models.loras import Loras, bake, check_lora


@pytest.fixture(params=["sd15", "sdxl"])
def shape(request):
    return request.param


@pytest.fixture
def net(shape):
    return tiny_models.unet(shape).eval().requires_grad_(False)


def weights(net):
    return {name: value.clone() for name, value in net.state_dict().items()}


def check(net, before, *changes):
    """Hold every weight to what it was plus the changes, each with its factor."""
    for name, value in net.state_dict().items():
        wanted = before[name]
        for factor, change in changes:
            layer = name.removesuffix(".weight")
            if name.endswith(".weight") and layer in change:
                wanted = wanted + factor * change[layer]
        assert torch.allclose(value, wanted, atol=1e-5), name


@pytest.mark.parametrize(
    ("naming", "alpha"),
    [
        ("kohya", None), ("kohya", 1.0), ("original", 4.0), ("peft", None), ("peft", 1.0),
        ("diffusers", None),  # that format has no alpha
    ],
)  # fmt: skip
def test_a_lora_changes_the_layers_that_it_names(net, tmp_path, naming, alpha):
    change = tiny_models.lora(tmp_path / "a.safetensors", net, naming=naming, alpha=alpha)
    before = weights(net)
    loras = Loras(net, {"a": tmp_path / "a.safetensors"})
    assert len(loras) == len(change)
    check(net, before)
    assert loras.fuse({"a": 0.7})
    check(net, before, (0.7, change))


def test_loras_add_up_and_each_is_played_alone(net, tmp_path):
    first = tiny_models.lora(tmp_path / "a.safetensors", net)
    second = tiny_models.lora(tmp_path / "b.safetensors", net, naming="peft", seed=2, rank=3)
    before = weights(net)
    loras = Loras(net, {"a": tmp_path / "a.safetensors", "b": tmp_path / "b.safetensors"})
    loras.fuse({"a": 1.0, "b": -0.5})
    check(net, before, (1.0, first), (-0.5, second))
    loras.fuse({"b": 0.25})
    check(net, before, (0.25, second))
    assert loras.weights == {"a": 0.0, "b": 0.25}


def test_a_thousand_turns_leave_no_trace(net, tmp_path):
    tiny_models.lora(tmp_path / "a.safetensors", net)
    before = weights(net)
    loras = Loras(net, {"a": tmp_path / "a.safetensors"})
    for turn in range(100):
        loras.fuse({"a": turn / 37})
    loras.fuse({"a": 0.0})
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())


def test_weights_keep_their_place_for_captured_graphs(net, tmp_path):
    tiny_models.lora(tmp_path / "a.safetensors", net)
    places = {name: value.data_ptr() for name, value in net.state_dict().items()}
    loras = Loras(net, {"a": tmp_path / "a.safetensors"})
    loras.fuse({"a": 1.0})
    assert {name: value.data_ptr() for name, value in net.state_dict().items()} == places


def test_nothing_is_written_when_nothing_changes(net, tmp_path):
    tiny_models.lora(tmp_path / "a.safetensors", net)
    loras = Loras(net, {"a": tmp_path / "a.safetensors"})
    versions = [value._version for value in net.parameters()]
    assert not loras.fuse({"a": 0.0})
    assert not loras.fuse({})
    assert [value._version for value in net.parameters()] == versions


def test_only_the_layers_of_the_one_that_moves_are_written(net, tmp_path):
    tiny_models.lora(tmp_path / "a.safetensors", net)
    tiny_models.lora(tmp_path / "b.safetensors", net, naming="diffusers")
    loras = Loras(net, {"a": tmp_path / "a.safetensors", "b": tmp_path / "b.safetensors"})
    before = net.conv_in.weight._version
    loras.fuse({"b": 1.0})
    assert net.conv_in.weight._version == before
    loras.fuse({"b": 1.0, "a": 1.0})
    assert net.conv_in.weight._version > before


def test_channels_last_and_half_precision_are_fused_too(shape, tmp_path):
    net = tiny_models.unet(shape).eval().requires_grad_(False)
    net = net.to(memory_format=torch.channels_last).to(torch.bfloat16)
    change = tiny_models.lora(tmp_path / "a.safetensors", net)
    before = weights(net)
    Loras(net, {"a": tmp_path / "a.safetensors"}).fuse({"a": 1.0})
    for layer, delta in change.items():
        now = net.get_submodule(layer).weight
        wanted = before[f"{layer}.weight"].float() + delta.float()
        assert torch.allclose(now.float(), wanted, rtol=0.02, atol=0.06)


def test_a_dream_with_a_lora_is_another_one(net, shape, tmp_path):
    tiny_models.lora(tmp_path / "a.safetensors", net)
    width = tiny_models.WIDTH * (2 if shape == "sdxl" else 1)
    added = {"text_embeds": torch.zeros(1, tiny_models.WIDTH), "time_ids": torch.zeros(1, 6)}
    loras = Loras(net, {"a": tmp_path / "a.safetensors"})

    def dream():
        return net(torch.ones(1, 4, 8, 8), torch.tensor(500), torch.ones(1, 77, width),
                   added_cond_kwargs=added).sample  # fmt: skip

    plain = dream()
    loras.fuse({"a": 0.1})
    assert (dream() - plain).abs().mean() > 0.001
    loras.fuse({"a": 0})
    assert torch.equal(dream(), plain)


def test_baking_keeps_nothing(net, tmp_path):
    change = tiny_models.lora(tmp_path / "a.safetensors", net)
    before = weights(net)
    bake(net, tmp_path / "a.safetensors")
    check(net, before, (1.0, change))


def test_a_folder_is_taken_as_the_file_in_it(net, tmp_path):
    tiny_models.lora(tmp_path / "anything.safetensors", net)
    assert len(Loras(net, {"a": tmp_path})) == len(tiny_models.LORA_LAYERS)
    tiny_models.lora(tmp_path / "pytorch_lora_weights.safetensors", net, naming="diffusers")
    assert len(Loras(net, {"a": tmp_path})) == 2
    (tmp_path / "pytorch_lora_weights.safetensors").rename(tmp_path / "other.safetensors")
    with pytest.raises(ModelError, match=r"holds 2 \.safetensors files"):
        Loras(net, {"a": tmp_path})


def test_the_alpha_that_diffusers_writes_into_a_file_holds(net, tmp_path):
    change = tiny_models.lora(tmp_path / "a.safetensors", net, naming="peft", rank=2)
    told = {"lora_adapter_metadata": json.dumps({"unet.lora_alpha": 8, "unet.r": 2})}
    save_file(load_file(tmp_path / "a.safetensors"), tmp_path / "a.safetensors", metadata=told)
    before = weights(net)
    Loras(net, {"a": tmp_path / "a.safetensors"}).fuse({"a": 1.0})
    check(net, before, (4.0, change))


def test_the_alpha_that_peft_writes_beside_a_file_holds(net, tmp_path):
    change = tiny_models.lora(tmp_path / "adapter_model.safetensors", net, naming="peft", rank=2)
    (tmp_path / "adapter_config.json").write_text(json.dumps({"lora_alpha": 1, "r": 2}))
    before = weights(net)
    Loras(net, {"a": tmp_path}).fuse({"a": 1.0})
    check(net, before, (0.5, change))


def test_the_text_encoders_part_is_said_not_to_be_used(net, tmp_path):
    tiny_models.lora(tmp_path / "a.safetensors", net, text=True)
    assert "text encoder is not used" in Loras(net, {"a": tmp_path / "a.safetensors"}).notes[0]


def test_a_lora_of_another_family_is_said(tmp_path):
    made_for = tiny_models.unet("sdxl")
    tiny_models.lora(tmp_path / "a.safetensors", made_for)
    with pytest.raises(ModelError, match="for another family of models") as caught:
        Loras(tiny_models.unet("sd15"), {"a": tmp_path / "a.safetensors"})
    assert "SDXL" in caught.value.remedy


@pytest.mark.parametrize(
    ("width", "family"), [(768, "SD 1.5"), (1024, "SD 2.1"), (2048, "SDXL"), (5, None)]
)
def test_the_family_is_read_from_the_header(tmp_path, width, family):
    name = "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn2_to_k"
    tensors = {f"{name}.lora_down.weight": torch.ones(2, width),
               f"{name}.lora_up.weight": torch.ones(640, 2)}  # fmt: skip
    save_file(tensors, tmp_path / "a.safetensors")
    assert read_lora_names(tmp_path / "a.safetensors").family == family
    with pytest.raises(ModelError, match=f"LoRA for {family or 'another family of'} models"):
        check_lora(tiny_models.unet("sd15"), tmp_path / "a.safetensors")


def test_a_lora_that_fits_is_known_without_its_values(net, tmp_path, monkeypatch):
    import endlessdreams_cam.models.loras as module

    tiny_models.lora(tmp_path / "a.safetensors", net)
    monkeypatch.setattr(module, "read_tensors", None)
    assert len(check_lora(net, tmp_path / "a.safetensors").layers) == 11


@pytest.mark.parametrize("halves", [((2, 4), (4, 3)), ((2,), (4, 2)), ((0, 4), (4, 0))])
def test_halves_that_do_not_fit_each_other_are_said(net, tmp_path, halves):
    names = ("lora_unet_conv_in.lora_down.weight", "lora_unet_conv_in.lora_up.weight")
    tensors = {name: torch.ones(shape) for name, shape in zip(names, halves, strict=True)}
    save_file(tensors, tmp_path / "a.safetensors")
    with pytest.raises(ModelError, match="the halves of conv_in do not fit"):
        Loras(net, {"a": tmp_path / "a.safetensors"})


def test_layers_that_are_not_there_are_said(net, tmp_path):
    name = "lora_unet_down_blocks_7_attentions_0_proj_in"
    save_file(
        {f"{name}.lora_down.weight": torch.ones(1, 4), f"{name}.lora_up.weight": torch.ones(4, 1)},
        tmp_path / "a.safetensors",
    )
    with pytest.raises(ModelError, match="1 of its 1 layers are not in this one"):
        Loras(net, {"a": tmp_path / "a.safetensors"})


@pytest.mark.parametrize(
    ("names", "cause"),
    [
        (["lora_unet_conv_in.hada_w1_a"], "is a LoHa"),
        (["lora_unet_conv_in.lokr_w1"], "is a LoKr"),
        (["unet.conv_in.lora_A.weight", "unet.conv_in.dora_scale"], "is a DoRA"),
        (["something.weight"], "is not a LoRA"),
        (["unet.conv_in.lora_A.weight"], "is not a LoRA"),
        (
            ["unet.a.lora_A.weight", "unet.a.lora_B.weight", "unet.b.lora_A.weight"],
            "is not whole: b has one half",
        ),
    ],
)
def test_what_is_no_lora_is_said(net, tmp_path, names, cause):
    save_file({name: torch.ones(1, 1) for name in names}, tmp_path / "a.safetensors")
    with pytest.raises(ModelError, match=cause):
        Loras(net, {"a": tmp_path / "a.safetensors"})


def test_a_lora_as_a_pickle_is_refused(net, tmp_path):
    (tmp_path / "a.pt").write_bytes(b"\x80\x02}q")
    with pytest.raises(ModelError, match="can run any code"):
        Loras(net, {"a": tmp_path / "a.pt"})


def test_a_name_that_is_not_there_changes_nothing(net, tmp_path):
    tiny_models.lora(tmp_path / "a.safetensors", net)
    loras = Loras(net, {"a": tmp_path / "a.safetensors"})
    loras.fuse({"a": 0.5})
    before = weights(net)
    with pytest.raises(ModelError, match="no LoRA called 'b'"):
        loras.fuse({"a": 1.0, "b": 1.0})
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())


def test_a_name_is_looked_for_in_the_folder_of_loras_and_nowhere_else(net, tmp_path):
    folder = tmp_path / "loras"
    assert list_loras(folder) == ()
    (folder / "deep").mkdir(parents=True)
    tiny_models.lora(folder / "ink.v2.safetensors", net)
    tiny_models.lora(tmp_path / "outside.safetensors", net)
    (folder / "notes.txt").write_text("")
    assert list_loras(folder) == ("deep", "ink.v2")
    assert lora_path("ink.v2", folder) == folder / "ink.v2.safetensors"
    assert lora_path("deep", folder) == folder / "deep"
    for name in ("../outside", str(tmp_path / "outside"), "..", ".", "", "ink"):
        with pytest.raises(ModelError, match="no LoRA called") as caught:
            lora_path(name, folder)
        assert "deep, ink.v2" in caught.value.remedy
