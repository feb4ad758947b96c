import pytest

from endlessdreams_cam.cli.bench_diffusion import Asked, check
from endlessdreams_cam.engines.diffusion import bench
from endlessdreams_cam.errors import SettingError
from endlessdreams_cam.frame import Size


def test_the_host_is_measured_without_the_stubs():
    host = bench.measure_host(frames=8, size=Size(256, 256))
    assert 0 < host.p50_ms < host.feedback_p50_ms
    assert host.nets_ms > 0


def test_a_path_is_measured_against_the_floor_of_this_device(nets):
    rows = [bench.measure_path(nets("sd15"), Size(64, 64), n, "eager", frames=3) for n in (1, 4)]
    assert all(row.ratio > 1 for row in rows)
    assert rows[1].floor_ms > 1.3 * rows[0].floor_ms
    assert rows[0].fps == pytest.approx(1000 / rows[0].p50_ms)


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
