"""What all tests share. `python3 run.py test` starts PostgreSQL and Valkey and names them in the environment."""

import pytest
from django.conf import settings
from django.db import connection


def pytest_configure():
    # Each new test client would look through every static file; the journeys serve them from a process of their own.
    settings.WHITENOISE_USE_FINDERS = False


def _trail(word: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE audit_event {word} TRIGGER USER")


@pytest.fixture
def _trail_guarded_again(django_db_setup, django_db_blocker):
    yield
    with django_db_blocker.unblock():
        _trail("ENABLE")


@pytest.fixture
def committed(_trail_guarded_again, transactional_db):
    """A database in which the test really commits; the trail, which refuses to be emptied, is emptied after it."""
    yield
    _trail("DISABLE")
