"""How a process is set up that does one thing and ends."""

from __future__ import annotations

import atexit
import gc
import os


def expect_one_run() -> None:
    """Spare this process what would only serve one that lives long; before numpy is imported."""
    # It frees little in circles; looking for them over and over costs a tenth of a run, and once more at its end.
    gc.set_threshold(100_000, 50, 50)
    atexit.register(gc.freeze)
    # Its matrices are small: threads that numpy keeps ready for large ones would wait and burn more than all sums take.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
