"""The product in a process that dies on request when the work is done and the answer is not sent yet."""

import os
import signal

from xinjin.wsgi import application as product


def application(environ, start_response):
    answer = product(environ, start_response)
    if "HTTP_X_DIE" in environ:
        os.kill(os.getpid(), signal.SIGKILL)
    return answer
