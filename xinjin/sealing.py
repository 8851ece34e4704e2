"""Sealing of files at rest (design §9, FIELD_KEY): the one place through which they pass on their way to the disk.

AES-256-GCM in an envelope: each file has a key of its own, which lies in the file's head sealed under the master key.
Both are bound to the file's name, so what was moved or exchanged does not open. The head names the master key; the
first of FIELD_KEY seals, the others open what was sealed before a change of key.
"""

import os
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

MAGIC = b"xinjin-sealed:1\n"
KEY_BYTES, NONCE_BYTES, TAG_BYTES, ID_BYTES = 32, 12, 16, 8
WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES


class BrokenSeal(Exception):
    """The file is not what was sealed under this name, or its key is not here."""


def seal(plain: bytes, *, name: str) -> bytes:
    """`plain` as it may lie on a disk."""
    master, own = _master(settings.FIELD_KEYS[0]), AESGCM.generate_key(bit_length=8 * KEY_BYTES)
    return MAGIC + _key_id(master) + _encrypted(master, own, name) + _encrypted(own, plain, name)


def unseal(sealed: bytes, *, name: str) -> bytes:
    """What was sealed under `name`; BrokenSeal for anything else."""
    masters = {_key_id(key): key for key in map(_master, settings.FIELD_KEYS)}
    head, body = len(MAGIC) + ID_BYTES, len(MAGIC) + ID_BYTES + WRAPPED_BYTES
    master = masters.get(sealed[len(MAGIC) : head])
    if not sealed.startswith(MAGIC) or master is None:
        raise BrokenSeal(name)
    return _decrypted(_decrypted(master, sealed[head:body], name), sealed[body:], name)


@lru_cache
def _master(secret: str) -> bytes:
    """The key that a random text of any length and spelling stands for."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"xinjin field key").derive(secret.encode())


def _key_id(key: bytes) -> bytes:
    return sha256(b"xinjin key " + key).digest()[:ID_BYTES]


def _encrypted(key: bytes, plain: bytes, name: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, name.encode())


def _decrypted(key: bytes, sealed: bytes, name: str) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], name.encode())
    except (InvalidTag, ValueError) as error:
        raise BrokenSeal(name) from error
