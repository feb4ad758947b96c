import os

import pytest
import tiny_models
from loopback_hub import LoopbackHub

from endlessdreams_cam.errors import DownloadError, ModelError, NoRoom
from endlessdreams_cam.models.catalogue import CATALOGUE, Piece
from endlessdreams_cam.models.hub import Hub, Listing, Remote
from endlessdreams_cam.models.pull import choose, pull
from endlessdreams_cam.models.recognise import recognise
from endlessdreams_cam.models.store import Presence, Store

SD, VAE = "stabilityai/sd-turbo", "madebyollin/taesd"
UNET = "unet/diffusion_pytorch_model.fp16.safetensors"


class Watcher:
    def __init__(self):
        self.total, self.count, self.files = 0, 0, []

    def begin(self, total):
        self.total = total

    def doing(self, file):
        self.files.append(file)

    def told(self, count):
        self.count += count


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """Return two repositories as they are on the real hub: every format, and more than is used."""
    folder = tiny_models.folder(tmp_path_factory.mktemp("hub") / "sd", "sd15", vae="kl")
    sd = {}
    for path in folder.rglob("*.*"):
        name = path.relative_to(folder).as_posix()
        sd[name] = path.read_bytes()
        if name.endswith(".safetensors"):
            sd[name.replace(".safetensors", ".fp16.safetensors")] = path.read_bytes()
            sd[name.replace(".safetensors", ".bin")] = b"\x80\x04 a pickle"
    sd |= {"sd_turbo.safetensors": b"all in one", "README.md": b"#", "pipeline.py": b"import os"}
    vae = tiny_models.folder(folder.parent / "tiny", "sd15") / "vae"
    tiny = {path.name: path.read_bytes() for path in vae.iterdir()}
    return {SD: sd, VAE: tiny | {"taesd_decoder.safetensors": b"another layout"}}


@pytest.fixture(scope="module")
def repos(real):
    """Return the same with small files in place of the weights: most tests look at none."""
    return {
        repo: {name: content[-9000:] for name, content in files.items()}
        for repo, files in real.items()
    }


@pytest.fixture
def peer(repos, monkeypatch):
    monkeypatch.delenv("HF_TOKEN", raising=False)
    hub = LoopbackHub(repos)
    yield hub
    hub.close()


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "models")


@pytest.fixture
def bring(peer, store):
    def run(name="sd-turbo", *, free=lambda folder: 10**12, watcher=None):
        hub = Hub(peer.url, sleep=lambda s: None, patience_s=5)
        return pull(CATALOGUE[name], store, hub, watcher or Watcher(), free=free)

    return run


def test_a_pulled_model_is_a_folder_that_loads(bring, store, peer, real):
    from endlessdreams_cam.models.load import load

    peer.repos = real
    watcher = Watcher()
    pin = bring(watcher=watcher)
    assert store.presence("sd-turbo") is Presence.HERE
    nets = load(store.verify("sd-turbo"), "cpu", "float32")
    assert nets.tiny_vae
    assert watcher.count == watcher.total == pin.size == store.size("sd-turbo")
    assert watcher.files == list(pin.files)


def test_only_what_is_safe_and_used_is_asked_for(bring, peer, store):
    bring()
    files = {p.relative_to(store.path("sd-turbo")).as_posix()
             for p in store.path("sd-turbo").rglob("*.*")}  # fmt: skip
    assert UNET in files
    assert "vae/diffusion_pytorch_model.safetensors" in files
    assert not [f for f in files if f.endswith((".bin", ".py", ".md"))]
    assert "sd_turbo.safetensors" not in files
    assert "unet/diffusion_pytorch_model.safetensors" not in files
    asked = {path for path, _, _ in peer.asked if "/resolve/" in path}
    assert len(asked) == len(files)


def test_the_pin_holds_the_commits_and_hashes(bring, store, peer, repos):
    import hashlib

    pin = bring()
    assert pin == store.pin("sd-turbo")
    assert pin.whole
    assert pin.commits == {SD: peer.commit, VAE: peer.commit}
    assert pin.files[UNET].sha256 == hashlib.sha256(repos[SD][UNET]).hexdigest()


def test_a_broken_pull_is_gone_on_with_at_its_commit(bring, peer, store):
    size = len(peer.repos[SD][UNET])
    peer.breaks[UNET] = [size // 2, *[0] * 9]
    with pytest.raises(DownloadError):
        bring()
    assert store.presence("sd-turbo") is Presence.PARTLY
    with pytest.raises(ModelError, match="came only in part"):
        store.verify("sd-turbo")
    peer.breaks.clear()
    peer.asked.clear()
    watcher = Watcher()
    bring(watcher=watcher)
    assert (f"/{SD}/resolve/{peer.commit}/{UNET}", f"bytes={size // 2}-", None) in peer.asked
    assert f"/api/models/{SD}/revision/{peer.commit}" in {path for path, _, _ in peer.asked}
    assert watcher.count == watcher.total
    assert store.presence("sd-turbo") is Presence.HERE


def test_a_second_pull_downloads_nothing(bring, peer):
    bring()
    peer.asked.clear()
    bring()
    assert not [path for path, _, _ in peer.asked if "/resolve/" in path]


def test_a_pull_mends_what_is_broken(bring, store, peer):
    bring()
    path = store.path("sd-turbo") / UNET
    path.write_bytes(b"broken")
    with pytest.raises(ModelError, match="another size") as caught:
        store.verify("sd-turbo")
    assert "pull sd-turbo" in caught.value.remedy
    bring()
    assert path.read_bytes() == peer.repos[SD][UNET]
    store.verify("sd-turbo", full=True)


def test_a_hub_that_changes_a_pinned_file_is_refused(bring, store, peer):
    bring()
    (store.path("sd-turbo") / UNET).unlink()
    peer.repos[SD][UNET] = peer.repos[SD][UNET][:-1] + b"!"
    with pytest.raises(ModelError, match=r"another .* than when sd-turbo was first downloaded"):
        bring()


def test_a_hub_that_changes_a_small_pinned_file_is_refused(bring, store, peer):
    bring()
    (store.path("sd-turbo") / "model_index.json").unlink()
    peer.repos[SD]["model_index.json"] += b" "
    with pytest.raises(ModelError, match="is another one than when"):
        bring()


def test_another_commit_than_the_pinned_one_is_refused(bring, peer):
    bring()
    peer.commit = "d" * 40
    with pytest.raises(ModelError, match="another commit"):
        bring()


def test_a_full_disk_is_said_before_anything_comes(bring, peer, store):
    with pytest.raises(NoRoom, match=r"GB are missing of the model and 0\.5 GB are free"):
        bring(free=lambda folder: 500_000_000)
    assert not [path for path, _, _ in peer.asked if "/resolve/" in path]
    assert store.presence("sd-turbo") is Presence.NOT


def test_what_is_here_already_needs_no_room(bring):
    bring()
    bring(free=lambda folder: 0)


def test_a_repository_without_its_files_is_said(bring, peer):
    del peer.repos[VAE]["config.json"]
    with pytest.raises(DownloadError, match=r"madebyollin/taesd has no config\.json"):
        bring()


def test_two_pulls_at_once_are_refused(bring, store):
    from filelock import FileLock

    store.folder.mkdir()
    with (
        FileLock(store.folder / "sd-turbo.lock"),
        pytest.raises(ModelError, match="is being pulled already"),
    ):
        bring()


def test_a_changed_file_of_the_same_size_is_found_by_its_time(bring, store):
    bring()
    path = store.path("sd-turbo") / UNET
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(ModelError, match="SHA-256 differs"):
        store.verify("sd-turbo")


def test_a_file_that_was_copied_is_believed_after_its_hash(bring, store):
    bring()
    path = store.path("sd-turbo") / UNET
    os.utime(path, ns=(1, 1))
    read = []
    store.verify("sd-turbo", read=read.append)
    assert sum(read) == path.stat().st_size
    read.clear()
    store.verify("sd-turbo", read=read.append)
    assert not read


def test_a_change_behind_the_times_back_is_found_by_a_full_check(bring, store):
    bring()
    path = store.path("sd-turbo") / UNET
    stat, content = path.stat(), path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    store.verify("sd-turbo")
    with pytest.raises(ModelError, match="SHA-256 differs"):
        store.verify("sd-turbo", full=True)


def test_a_file_that_was_added_or_lost_is_named(bring, store):
    bring()
    extra = store.path("sd-turbo") / "unet" / "diffusion_pytorch_model.safetensors"
    extra.write_bytes(b"x")
    with pytest.raises(ModelError, match="was added to sd-turbo"):
        store.verify("sd-turbo")
    extra.unlink()
    (store.path("sd-turbo") / "model_index.json").unlink()
    with pytest.raises(ModelError, match=r"model_index\.json is gone"):
        store.verify("sd-turbo")
    assert store.presence("sd-turbo") is Presence.PARTLY


def test_a_model_that_is_not_here_is_said_with_the_command(store):
    with pytest.raises(ModelError, match="sd-turbo is not here") as caught:
        store.verify("sd-turbo")
    assert "models pull sd-turbo" in caught.value.remedy
    with pytest.raises(ModelError, match="no model called 'sd-turbos'"):
        store.verify("sd-turbos")


@pytest.mark.parametrize("text", ["{", "[]", '{"schema": 9}', '{"schema": 1, "files": {"x": {}}}'])
def test_a_broken_pin_is_said(store, text):
    store.folder.mkdir()
    store.pin_path("sd-turbo").write_text(text)
    with pytest.raises(ModelError, match=r"pin\.json is") as caught:
        store.verify("sd-turbo")
    assert "models remove sd-turbo" in caught.value.remedy
    assert store.presence("sd-turbo") is Presence.PARTLY


def test_remove_frees_everything(bring, store):
    size = bring().size
    assert store.remove("sd-turbo") == size
    assert store.presence("sd-turbo") is Presence.NOT
    assert not store.path("sd-turbo").exists()
    with pytest.raises(ModelError, match="is not here"):
        store.remove("sd-turbo")


def test_a_partly_pulled_or_broken_model_can_be_removed(store):
    store.path("sd-turbo").mkdir(parents=True)
    store.pin_path("sd-turbo").write_text("broken")
    store.remove("sd-turbo")
    assert not store.pin_path("sd-turbo").exists()


def test_a_pulled_model_serves_single_files_its_tokenizer(bring, store):
    assert store.tokenizers() == ()
    bring()
    assert store.tokenizers() == (store.path("sd-turbo") / "tokenizer",)


def test_a_name_that_leaves_the_folder_is_never_chosen():
    names = ["../evil.json", "unet/../../evil.json", "/etc/evil.json", "unet/.hidden.json",
             "unet\\evil.json", "unet/deep/evil.json", "unet/config.json"]  # fmt: skip
    files = tuple(Remote(name, 1, None, "x") for name in names)
    chosen = choose(Piece("a/b", ("", "unet", "..", "unet/..")), Listing("a/b", "c", files))
    assert [local for _, local in chosen] == ["unet/config.json"]


def test_every_model_of_the_catalogue_says_what_one_must_know():
    for entry in CATALOGUE.values():
        assert entry.licence.note and entry.licence.url.startswith("https://")
        assert not entry.is_model or entry.vram_bytes > 2 * entry.parameters
    restricted = {entry.name for entry in CATALOGUE.values() if entry.licence.restricts}
    assert restricted == {"sd-turbo", "sdxl-turbo"}


def test_sizes_are_those_that_the_nets_can_halve():
    for entry in CATALOGUE.values():
        step = 32 if "xl" in entry.name else 64
        for size in (entry.best_size, entry.wide):
            assert size.width % step == size.height % step == 0
        if entry.is_model:
            assert abs(entry.wide.width / entry.wide.height - 16 / 9) < 0.06


def test_recognise_takes_the_tokenizer_of_the_store(bring, store, tmp_path):
    import original_layout

    bring()
    folder = tiny_models.folder(tmp_path / "sd15", "sd15", vae="kl")
    file = original_layout.single_file(tmp_path / "lcm.safetensors", folder)
    with pytest.raises(ModelError, match="has no tokenizer") as caught:
        recognise(file)
    assert "pull tokenizer" in caught.value.remedy
    assert recognise(file, store.tokenizers()).tokenizers[0].folder == store.tokenizers()[0]
