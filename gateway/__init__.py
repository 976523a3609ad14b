"""The gateway between Kota Jambi and its partner banks."""

from __future__ import annotations

import pluggy

NAME = "gateway"
hookspec = pluggy.HookspecMarker(NAME)
hookimpl = pluggy.HookimplMarker(NAME)
