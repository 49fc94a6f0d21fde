"""One clerk of the crew: a process that carries out batches, one after the other.

    python -m tasks.clerk 5          (socket 5; started by tasks/crew.py)

What comes over the socket: (name of a task, its values); what goes back: ("done", its result) or
("failed", what it raised). A clerk is the same program as the one that started it, with the same
office and environment; its reports are opened by a desk of its own. It ends when the other side
hangs up.
"""

from __future__ import annotations

import contextlib
import gc
import pickle
import sys
import traceback
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

READY = b"ready"
# The work of later steps is learnt when it comes.
FIRST = ("tasks.reading", "tasks.validate", "tasks.score")


def main() -> None:
    line = Connection(int(sys.argv[1]))
    # Before anything is loaded, a tenth of the start. Values here are trees, freed by counting;
    # circles are swept between batches.
    gc.disable()
    reading, *_ = map(import_module, FIRST)
    reading.keep_to_one_desk(True)
    gc.collect()
    gc.freeze()  # the program's own furniture: no collection looks at it again
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):  # whoever asked may be gone
        line.send_bytes(READY)
        while True:
            line.send_bytes(carried_out(*line.recv()))
            gc.collect(1)


def carried_out(name: str, values: tuple[Any, ...]) -> bytes:
    try:
        return pickle.dumps(("done", task_named(name).fn(*values)))
    except Exception as wrong:
        return _failed(wrong)


def task_named(name: str) -> Any:
    """The task of a name like "tasks.validate:validate"."""
    module, _, task = name.partition(":")
    if module not in sys.modules:
        import_module(module)
        gc.freeze()
    return getattr(sys.modules[module], task)


def _failed(wrong: Exception) -> bytes:
    wrong.add_note("".join(traceback.format_exception(wrong)))
    with contextlib.suppress(Exception):
        said = pickle.dumps(("failed", wrong))
        pickle.loads(said)  # an exception that cannot be made again is no use to the other side
        return said
    return pickle.dumps(("failed", RuntimeError(f"{type(wrong).__name__}: {wrong}")))


if __name__ == "__main__":
    main()
