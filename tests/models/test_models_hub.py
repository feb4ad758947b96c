import hashlib

import pytest
from loopback_hub import LoopbackHub

from endlessdreams_cam.errors import DownloadError, NoRoom
from endlessdreams_cam.models.hub import Hub

BIG = bytes(range(256)) * 64
REPO = "someone/dreams"


@pytest.fixture
def peer(monkeypatch):
    for name in ("HF_TOKEN", "HF_ENDPOINT", "http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    hub = LoopbackHub({REPO: {"unet/net.safetensors": BIG, "unet/config.json": b"{}"}})
    yield hub
    hub.close()


@pytest.fixture
def waits():
    return []


@pytest.fixture
def hub(peer, waits):
    return Hub(peer.url, sleep=waits.append, patience_s=5)


def fetch(hub, to, name="unet/net.safetensors", told=lambda count: None):
    listing = hub.list(REPO)
    file = next(file for file in listing.files if file.path == name)
    hub.fetch(listing, file, to, told)


def test_a_listing_has_the_commit_and_the_hashes(hub, peer):
    listing = hub.list(REPO)
    assert listing.commit == peer.commit
    big, small = listing.files
    assert (big.size, big.sha256) == (len(BIG), hashlib.sha256(BIG).hexdigest())
    assert (small.size, small.sha256) == (2, None)


@pytest.mark.parametrize("name", ["unet/net.safetensors", "unet/config.json"])
def test_a_file_comes_whole(hub, peer, tmp_path, name):
    told = []
    fetch(hub, tmp_path / "deep" / "net", name, told.append)
    content = peer.repos[REPO][name]
    assert (tmp_path / "deep" / "net").read_bytes() == content
    assert sum(told) == len(content)
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["net"]


def test_a_connection_that_breaks_is_gone_on_with(hub, peer, tmp_path, waits):
    peer.breaks["unet/net.safetensors"] = [5000, 3000]
    told = []
    fetch(hub, tmp_path / "net", told=told.append)
    assert (tmp_path / "net").read_bytes() == BIG
    ranges = [asked for path, asked, _ in peer.asked if "resolve" in path]
    assert ranges == [None, "bytes=5000-", "bytes=8000-"]
    assert sum(told) == len(BIG)
    assert len(waits) == 2


def test_a_later_pull_goes_on_with_what_an_earlier_one_left(hub, peer, tmp_path):
    (tmp_path / "net.part").write_bytes(BIG[:7000])
    fetch(hub, tmp_path / "net")
    assert (tmp_path / "net").read_bytes() == BIG
    assert peer.asked[-1][1] == "bytes=7000-"


def test_a_hub_without_ranges_sends_all_of_it_again(hub, peer, tmp_path):
    peer.ranges = False
    (tmp_path / "net.part").write_bytes(b"x" * 7000)
    told = []
    fetch(hub, tmp_path / "net", told=told.append)
    assert (tmp_path / "net").read_bytes() == BIG
    assert len([path for path, _, _ in peer.asked if "resolve" in path]) == 1
    assert sum(told) == len(BIG)


def test_a_part_that_is_too_long_is_thrown_away(hub, tmp_path):
    (tmp_path / "net.part").write_bytes(BIG + b"more")
    told = []
    fetch(hub, tmp_path / "net", told=told.append)
    assert (tmp_path / "net").read_bytes() == BIG
    assert sum(told) == len(BIG)


def test_a_connection_that_only_breaks_gives_up_and_keeps_what_came(hub, peer, tmp_path, waits):
    peer.breaks["unet/net.safetensors"] = [4000, *[0] * 9]
    with pytest.raises(DownloadError, match="did not arrive") as caught:
        fetch(hub, tmp_path / "net")
    assert "goes on from there" in caught.value.remedy
    assert (tmp_path / "net.part").read_bytes() == BIG[:4000]
    assert not (tmp_path / "net").exists()
    assert waits == sorted(waits)


@pytest.mark.parametrize("name", ["unet/net.safetensors", "unet/config.json"])
def test_a_wrong_hash_is_thrown_away(hub, peer, tmp_path, name):
    peer.lies.add(name)
    with pytest.raises(DownloadError, match="its hash differs"):
        fetch(hub, tmp_path / "net", name)
    assert not list(tmp_path.iterdir())


def test_another_file_in_the_part_is_found_out(hub, tmp_path):
    (tmp_path / "net.part").write_bytes(b"x" * 5000)
    with pytest.raises(DownloadError, match="its hash differs"):
        fetch(hub, tmp_path / "net")
    fetch(hub, tmp_path / "net")
    assert (tmp_path / "net").read_bytes() == BIG


@pytest.mark.parametrize(
    ("code", "cause", "remedy"),
    [
        (404, "has no unet/net.safetensors", "newer version"),
        (401, r"does not give unet/net.safetensors to you \(HTTP 401\)", "HF_TOKEN"),
        (403, "HTTP 403", "accept its licence"),
        (418, "HTTP 418", "later"),
    ],
)
def test_a_refusal_is_said_at_once(hub, peer, tmp_path, waits, code, cause, remedy):
    peer.status["unet/net.safetensors"] = [code]
    with pytest.raises(DownloadError, match=cause) as caught:
        fetch(hub, tmp_path / "net")
    assert remedy in caught.value.remedy
    assert not waits


@pytest.mark.parametrize("code", [429, 500, 503])
def test_a_busy_hub_is_asked_again(hub, peer, tmp_path, code, waits):
    peer.status["list"] = [code, code]
    peer.status["unet/net.safetensors"] = [code]
    fetch(hub, tmp_path / "net")
    assert (tmp_path / "net").read_bytes() == BIG
    assert waits[:2] == [1.0, 2.0]


def test_a_repository_that_is_not_there_is_said(hub):
    with pytest.raises(DownloadError, match="The hub has no someone/else"):
        hub.list("someone/else")


def test_a_listing_that_is_none_is_said(hub, peer):
    peer.listing = lambda repo: b"<html>log in to the hotel's network</html>"
    with pytest.raises(DownloadError, match="did not arrive"):
        hub.list(REPO)


def test_no_hub_at_all_is_said(tmp_path, waits):
    with pytest.raises(DownloadError, match=r"did not arrive: .*refused"):
        Hub("http://127.0.0.1:9", sleep=waits.append).list(REPO)


def test_a_full_disk_is_said_and_what_came_is_kept(hub, tmp_path, monkeypatch):
    import errno

    import endlessdreams_cam.models.hub as module

    real = module._copy

    def fill(answer, file, told):
        file.write(answer.read(3000))
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module, "_copy", fill)
    with pytest.raises(NoRoom, match="The disk is full"):
        fetch(hub, tmp_path / "net")
    assert (tmp_path / "net.part").read_bytes() == BIG[:3000]
    monkeypatch.setattr(module, "_copy", real)
    fetch(hub, tmp_path / "net")
    assert (tmp_path / "net").read_bytes() == BIG


def test_a_token_is_for_the_hub_only(hub, peer, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "secret")
    other = LoopbackHub(peer.repos)
    peer.elsewhere = other
    fetch(hub, tmp_path / "net")
    other.close()
    assert (tmp_path / "net").read_bytes() == BIG
    assert {token for _, _, token in peer.asked} == {"Bearer secret"}
    assert [token for _, _, token in other.asked] == [None]


def test_a_redirected_download_is_gone_on_with(hub, peer, tmp_path):
    other = LoopbackHub(peer.repos)
    peer.elsewhere = other
    other.breaks["unet/net.safetensors"] = [6000]
    fetch(hub, tmp_path / "net")
    other.close()
    assert (tmp_path / "net").read_bytes() == BIG
    assert [asked for _, asked, _ in other.asked] == [None, "bytes=6000-"]
