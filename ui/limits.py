"""Every limit of the app in one place."""

from __future__ import annotations

import os
import threading

from ui.turns import Heavy, Turns

UPLOAD_BYTES = 5 * 2**20
UPLOAD_PIXELS = 16_000_000
URL_CHARACTERS = 4_000
QUOTED_CHARACTERS = 40
NOTICE_ITEMS = 4
ANSWER_CHARACTERS = 80
PROGRESS_BYTES = 500_000
PROGRESS_RECORDS = 2_000
PROGRESS_TRIES = 10_000
EPOCHS = 200
REPEATS = 100
# Processes that share a machine share its cores: deploy/ tells each of them its part.
JOBS = int(os.environ.get("STEPCNN_JOBS") or os.cpu_count() or 1)
VISITS = 100
VISIT_SECONDS = 600.0
SCRIPTS_AT_ONCE = 2

# Pages are drawn in turns: more than one at once, so that one that only waits keeps nobody; more than a few only fight.
SCRIPTS = Turns(SCRIPTS_AT_ONCE)
# Engine calls that keep a core busy for more than a moment take turns: other readers' pages stay quick.
HEAVY = Heavy(JOBS, SCRIPTS)
# matplotlib keeps its settings for the whole process: figures are made and saved one at a time. Who wants both takes
# this one first.
DRAWING = threading.Lock()
