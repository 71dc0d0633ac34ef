"""``python -m qa.uploads JOB``: does a job, in a process of its own."""

import signal
import sys

from qa.settings import Settings
from qa.uploads.work import work

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that files are put back
    work(sys.argv[1], Settings.from_environment())
