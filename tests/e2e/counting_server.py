"""The app with a window on its process: a second port tells how many jobs' threads and runs are alive.

python tests/e2e/counting_server.py <port of the app> <port of the count> <the project's folder>
"""

from __future__ import annotations

import gc
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Count(BaseHTTPRequestHandler):
    """Answers every request with {"threads": …, "runs": …}."""

    def do_GET(self) -> None:
        threads = sum(thread.name == "stepcnn-job" for thread in threading.enumerate())
        runs = sum(type(thing).__name__ == "Run" for thing in gc.get_objects())
        body = json.dumps({"threads": threads, "runs": runs}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    app, window, root = sys.argv[1:]
    sys.path.insert(0, root)
    from ui import limits

    # Long enough for a reload, and short enough to see what becomes of a run that nobody takes up.
    limits.VISIT_SECONDS = 4.0
    server = ThreadingHTTPServer(("127.0.0.1", int(window)), Count)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    from streamlit.web import cli

    sys.argv = ["streamlit", "run", "app.py", "--server.port", app, "--server.address", "127.0.0.1"]
    cli.main()
