from __future__ import annotations

from hypothesis import settings

# How long an example takes says more about what else the machine is doing.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")
