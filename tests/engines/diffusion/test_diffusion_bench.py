import pytest

from endlessdreams_cam.cli.bench_diffusion import Asked, check
from endlessdreams_cam.engines.diffusion import bench
from endlessdreams_cam.errors import SettingError
from endlessdreams_cam.frame import Size
from endlessdreams_cam.models import random_nets
from endlessdreams_cam.models.architecture import VISION


def test_the_host_is_measured_without_the_stubs():
    host = bench.measure_host(frames=8, size=Size(256, 256))
    assert 0 < host.p50_ms < host.feedback_p50_ms
    assert host.nets_ms > 0


def test_a_path_is_measured_against_the_floor_of_this_device(nets):
    rows = [bench.measure_path(nets("sd15"), Size(64, 64), n, "eager", frames=3) for n in (1, 4)]
    assert all(row.ratio > 1 for row in rows)
    assert rows[1].floor_ms > 1.3 * rows[0].floor_ms
    assert rows[0].fps == pytest.approx(1000 / rows[0].p50_ms)


def test_a_look_is_shared_by_the_dreams_until_the_next():
    looks = bench.Looks(look_ms=12.0, every=12, host_ms=0.1)
    assert looks.per_dream_ms == 1


def test_the_checker_is_measured(monkeypatch):
    tiny = {**VISION, "hidden_size": 64, "intermediate_size": 64, "num_hidden_layers": 1,
            "num_attention_heads": 1}  # fmt: skip
    monkeypatch.setattr(random_nets, "VISION", tiny)
    looks = bench.measure_checker(Size(64, 64), frames=8)
    assert 8 <= looks.every <= 30
    assert looks.look_ms > 0
    assert looks.host_ms > 0


def test_graphs_need_a_gpu(nets):
    with pytest.raises(SettingError, match="NVIDIA"):
        bench.measure_path(nets("sd15"), Size(64, 64), 1, "graph", frames=1)


@pytest.mark.parametrize(
    "asked",
    [
        Asked(models=("sd-turbo", "nonsense"), random=True),
        Asked(paths=("fast",)),
        Asked(steps=(9,)),
        Asked(sizes=(Size(500, 300),)),
    ],
    ids=str,
)
def test_what_cannot_be_measured_is_refused_at_once(asked):
    with pytest.raises(SettingError):
        check(asked)
