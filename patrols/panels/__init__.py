"""What this app adds to the officer's day and to the pages of villages and people, a module for each matter."""

from patrols.panels import (  # noqa: F401
    briefings,
    calls,
    cases,
    councils,
    coverage,
    disputes,
    hand_overs,
    people,
    recent_visits,
)
