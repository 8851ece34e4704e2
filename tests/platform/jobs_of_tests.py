"""Kinds of background work for tests; imported by them, and by the worker that they start."""

import time

from django.core.exceptions import ValidationError

from xinjin.accounts.models import User
from xinjin.jobs.registry import job

BEGUN: list = []


@job("tests.file")
def file(run, progress):
    """Makes a file of its parameters."""
    progress(1, 2)
    run.message = "made"
    return run.parameters.get("name", "表 1.txt"), str(run.parameters).encode()


@job("tests.refused")
def refused(run, progress):
    """Is refused by a verb."""
    raise ValidationError(["第一条", "第二条"])


@job("tests.broken")
def broken(run, progress):
    """Meets an error of the program."""
    raise RuntimeError("secret")


@job("tests.accounts")
def accounts(run, progress):
    """Adds accounts, slowly; all of them or none."""
    BEGUN.append(run.pk)
    with progress.last_step():
        for number in range(run.parameters["count"]):
            progress(number, run.parameters["count"])
            User.objects.create(username=f"job{number}", display_name="x")
            time.sleep(run.parameters.get("pause", 0))
    run.message = "added"


@job("tests.paged", page=lambda run: "/inbox/")
def paged(run, progress):
    """Has a page of its own."""
