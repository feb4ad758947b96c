"""A clock that tests set."""


class Time:
    """Give it to what asks for a clock: `ns` is the present time in nanoseconds."""

    def __init__(self, ns=0):
        self.ns = ns

    def __call__(self):
        return self.ns
