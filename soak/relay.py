"""A relay of the soak: `python -m soak.relay PORT FOLDER` keeps each letter before it says 250."""

from __future__ import annotations

import signal
import sys
import threading

from channels.capture import CaptureServer


def main() -> None:
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    with CaptureServer(sys.argv[2], port=int(sys.argv[1])):
        ended.wait()


if __name__ == "__main__":
    main()
