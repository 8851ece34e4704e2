"""Tests that commit share the fixture of the visits' tests."""

from tests.patrols.conftest import _trail_guarded_again, committed  # noqa: F401
