"""Every bench runs to its end on the smallest scale, so that a new column breaks none of them unseen."""

import pytest
from django.db import connection

from assessments.management.commands.bench import BENCHES, Command, scratch_database


def options_of(name: str) -> dict:
    """What the command takes when it is called so."""
    return vars(Command().create_parser("manage.py", "bench").parse_args([name, "--small"]))


@pytest.mark.parametrize("name", sorted(BENCHES))
def test_bench_runs(name, committed):
    said = []
    with scratch_database(template=connection.settings_dict["NAME"]):
        BENCHES[name](said.append, options_of(name))
    assert said, "a bench that says nothing has measured nothing"
    if name == "visits":
        assert said[-1].endswith(" 0 errors"), said
