"""Typed readers of the environment that fail loudly and name the variable."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """The variable's value, or `default`; a missing value without default is an error."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set")
    return value


def secret(name: str, default: str | None = None) -> str:
    """A secret from NAME or from the file that NAME_FILE names (the file wins)."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}") from error
    return text(name, default)


def keys(name: str, default: str | None = None) -> list[str]:
    """Random texts of at least 32 characters, separated by spaces or lines; at least one. From NAME or NAME_FILE."""
    found = secret(name, default).split()
    if not found or any(len(key) < 32 for key in found):
        raise ImproperlyConfigured(f"{name} must be a random text of at least 32 characters")
    return found


def choice(name: str, choices: tuple[str, ...], default: str) -> str:
    """One of `choices`."""
    value = text(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}")
    return value


def words(name: str, default: str = "") -> list[str]:
    """Comma-separated words."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def database(name: str, default: str | None = None) -> dict:
    """Django's DATABASES entry from a postgres://user:password@host:port/name URL."""
    url = urlsplit(text(name, default))
    if url.scheme not in ("postgres", "postgresql") or not url.path.strip("/"):
        raise ImproperlyConfigured(f"{name} must look like postgres://user:password@host:port/name")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname or "",
        "PORT": str(url.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
