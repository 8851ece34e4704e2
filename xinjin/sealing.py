"""Sealing of files at rest (design §9, FIELD_KEY): the one place through which they pass on their way to the disk.

A sealed file begins with a head that names its method, so files of different methods lie side by side and a later
method needs no migration. The only method yet is b"0": the bytes as they are. AES-256-GCM under FIELD_KEY comes as
another entry of METHODS once a vetted cipher (the `cryptography` package) is among the requirements; none is written
here by hand. Until then a FIELD_KEY is refused at the start (xinjin.E003): nobody shall trust a seal that is not there.
"""

from collections.abc import Callable
from typing import NamedTuple

MAGIC = b"xinjin-sealed:"


class BrokenSeal(Exception):
    """The file is not what was sealed."""


class Method(NamedTuple):
    """How bytes are sealed and opened; the second argument is the name that the bytes are bound to."""

    seal: Callable[[bytes, str], bytes]
    unseal: Callable[[bytes, str], bytes]


METHODS: dict[bytes, Method] = {b"0": Method(seal=lambda plain, name: plain, unseal=lambda sealed, name: sealed)}
CURRENT = b"0"


def is_cipher() -> bool:
    """Whether what is sealed today can only be read with a key."""
    return CURRENT != b"0"


def seal(plain: bytes, *, name: str) -> bytes:
    """`plain` as it may lie on a disk."""
    return MAGIC + CURRENT + b"\n" + METHODS[CURRENT].seal(plain, name)


def unseal(sealed: bytes, *, name: str) -> bytes:
    """What was sealed under `name`; BrokenSeal for anything else."""
    head, line, body = sealed.partition(b"\n")
    method = METHODS.get(head.removeprefix(MAGIC))
    if not line or not head.startswith(MAGIC) or method is None:
        raise BrokenSeal(name)
    return method.unseal(body, name)
