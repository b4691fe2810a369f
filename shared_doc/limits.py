"""What one update may cost and what one lane may hold: every limit of the gate, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class UpdateLimits:
    """Limits on one update and on the lane it would leave behind."""

    size: int
    """Bytes. Work grows with them, on the one thread that everybody shares: 1 ms for 1.5 KB at the worst."""
    structs: int
    """A struct takes at least three bytes, but far more once it is an object. So does each value in one."""
    ranges: int
    """Ranges in the delete set, which always is the whole document's when a client comes back."""
    clients: int
    """Sections, and clients in the delete set: one per page that was ever opened on the lane."""
    steps: int
    """What may take long, each about a microsecond: neighbours walked over, items split or deleted, what lies behind
    those moved, others' views taken over. Bounds the quadratic cases, which no honest client makes."""
    nesting: int = 8
    """Depth of values inside values. A lane has none; 30,000 of them end the process that believes them."""
    points: int = 5_000
    """Points in a lane. A long conference has some 300 in all its parts together."""
    items: int = 200_000
    """Runs of letters and values that the lane's index keeps apart, at some 300 bytes each. Eight hours of typing by
    four people leave some 20,000."""
    letters: int = 200_000
    """UTF-16 units in one point, and in one deleted piece: the longest recording there is has 105,000."""
    lane_letters: int = 1_000_000
    """UTF-16 units in a lane that are not deleted. Everybody who opens it is sent all of them."""


LIVE: Final = UpdateLimits(size=64 * 1024, structs=12_000, ranges=12_000, clients=256, steps=50_000)
"""One change while connected: a keystroke, or a report pasted as a whole. The worst of them takes about 50 ms."""

STEP2: Final = UpdateLimits(size=1024 * 1024, structs=50_000, ranges=300_000, clients=100_000, steps=100_000)
"""What a page that was away brings: all it typed, and the document's whole delete set. At the worst 160 ms."""

STORED: Final = UpdateLimits(size=1 << 30, structs=1 << 28, ranges=1 << 28, clients=1 << 24, steps=1 << 40)
"""Our own snapshots, which were judged when they came."""

VECTOR_BYTES: Final = 128 * 1024
"""A state vector, which names every page that ever wrote in a lane: ten thousand of them."""

CLIENTS_OF_ONE: Final = 5_000
"""Client ids of one participant in one conference: one for each time they open a page. Each costs memory for ever."""

CLIENTS_IN_A_LANE: Final = 300
"""Client ids of one participant in one lane. Each remembers what it has seen of every other, so that their memory grows
with the square: 16 MB for these, 4 GB for 5,000."""

STEPS_OF_A_STRUCT: Final = 4
"""Putting one insertion into the index costs about as much as walking over this many neighbours."""

WIPE_FLOOR: Final = 500
"""Letters. In a shorter lane, clearing half of it is ordinary editing."""

WIPE_WINDOW: Final = 60.0
"""Seconds over which one connection's removals count together: small steps empty a lane as surely as one
large one."""
