"""The product as gunicorn serves it, with faults on demand: for tests that look at it from outside."""

import os
import signal
import time
import uuid

from xinjin.wsgi import application as product  # isort: skip - sets Django up

from patrols.api import visits
from xinjin.idempotency import replay

hold, stored = replay._hold, replay._stored
fault = ""


def dying_stored(*args):
    """Everything is written, nothing is committed."""
    answer = stored(*args)
    if fault == "die before the commit":
        os.kill(os.getpid(), signal.SIGKILL)
    return answer


def unguarded_hold(*args):
    time.sleep(0.2)  # so that all have looked before the first has written


def application(environ, start_response):
    global fault  # one request at a time asks for a fault
    fault = environ.get("HTTP_X_FAULT", "")
    guarded = fault != "no guard"
    replay._stored = dying_stored
    replay._hold = hold if guarded else unguarded_hold
    visits.identifier = IDENTIFIER if guarded else lambda user, key: uuid.uuid4()
    answer = product(environ, start_response)
    if fault == "die before the answer":
        os.kill(os.getpid(), signal.SIGKILL)
    return answer


IDENTIFIER = visits.identifier
