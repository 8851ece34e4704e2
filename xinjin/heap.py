"""When the collector of cyclic garbage stands aside."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def growing() -> Iterator[None]:
    """For work that makes many small values and keeps them to its end, none of them in a cycle.

    The collector would walk over all of them again and again and free nothing. What is counted by references is freed
    as ever. The switch is one for the process: another thread's garbage waits as long.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
