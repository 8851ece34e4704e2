"""Tests that commit empty every table afterwards, also the audit trail, which otherwise refuses that."""

import pytest
from django.db import connection


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
    """A database in which the test really commits."""
    yield
    _trail("DISABLE")
