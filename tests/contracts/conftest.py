"""The world is built once for each module; every test marked `django_db` works on a savepoint of it."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import override_settings

from tests.contracts.world import World, make_world


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[World]:
    media = str(tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)
