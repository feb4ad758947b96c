import threading

from endlessdreams_cam.program.backstage import Backstage, in_thread


def test_nobody_waits_and_the_newest_key_wins():
    works, made = [], []

    def make(key):
        made.append(key)
        return key.upper()

    stage = Backstage(make, works.append)
    assert stage.get("a") is None
    assert stage.get("a") is None
    assert len(works) == 1, "asked for once"
    works[0]()
    assert stage.get("a") == "A"
    assert stage.get("b") is None
    stage.get("c")
    works[2]()
    works[1]()  # the older one comes last
    assert stage.get("c") in (None, "C")
    assert made == ["a", "c", "b"]


def test_a_thread_does_the_work():
    done = threading.Event()
    in_thread(done.set)
    assert done.wait(5)
