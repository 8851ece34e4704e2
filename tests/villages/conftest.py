"""Fixtures of the roster."""

import pytest

from tests.factories import StationWorld, make_station_world


@pytest.fixture
def world(db) -> StationWorld:
    """Two mirrored stations; see factories."""
    return make_station_world()
