"""Every cap on live connections: what it is, why it is that, and the close code that tells of it.

Each is a setting too: `TRUERECORD_LIVE_<NAME>`. What one update may hold is in `shared_doc.limits`; what may
wait before a token came is in `shared_doc.session`.
"""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

FRAME_BYTES = 1024 * 1024 + 4 * 1024
"""Largest frame, 1009: a page that was away brings everything it typed in one Step2 of at most 1 MB. Not a
setting: it has to fit what the gate takes."""

EARLY_SPARED = 16 * 1024
"""Bytes that a socket may bring before anybody has said who they are, however many others do: what an honest page says
first. Not a setting: with it, 5,000 connections take 80 MB."""


class LiveLimits(BaseSettings):
    """One frozen object, read at start. Durations are in seconds."""

    model_config = SettingsConfigDict(env_prefix="TRUERECORD_LIVE_", frozen=True, extra="ignore")

    documents: int = Field(
        100,
        ge=1,
        description="Documents on one socket (4429): an agenda of 49 parts, two lanes each, and events.",
    )
    sockets: int = Field(
        24,
        ge=1,
        description="Sockets of one participant (4429): a few tabs on a few devices, and their ghosts.",
    )
    greeting: float = Field(
        10.0, gt=0, description="How long a socket may stay without an opened document (4401)."
    )
    early: int = Field(
        1024 * 1024,
        ge=256 * 1024,
        description="Bytes of one socket that may wait while nobody has said who they are (4400).",
    )
    strangers: int = Field(
        64 * 1024 * 1024,
        ge=1024 * 1024,
        description="And of all such sockets together (4429); one that waits with 16 KB or less is not closed for it.",
    )
    ping: float = Field(10.0, gt=0, description="Ping interval; a provider hangs up after 30 s of silence.")
    silence: float = Field(
        45.0,
        gt=0,
        description="Nothing heard for so long, not even an answer to pings: the peer is gone (4408).",
    )
    expiry: float = Field(
        60.0,
        gt=0,
        description="A session whose time is over loses its sockets within this (4403). Removed people: at once.",
    )
    behind: int = Field(
        4 * 1024 * 1024,
        ge=64 * 1024,
        description="Bytes that may wait for a slow reader (4409); then the socket goes, never a frame.",
    )
    inbox: int = Field(
        128, ge=1, description="Frames of one socket that wait for their turn; then the socket is not read."
    )
    inbox_bytes: int = Field(
        2 * 1024 * 1024,
        ge=64 * 1024,
        description="And their bytes: a person's 24 sockets with 128 of the largest frames each would take 3 GB.",
    )
    turn: float = Field(
        0.004, gt=0, description="How long frames are handled before everything else gets its turn."
    )
    rate: float = Field(
        4_000,
        gt=0,
        description="Frames of one socket handled in a second while more of it wait. Nothing is refused for it.",
    )
    follow_soonest: float = Field(
        0.1, ge=0, description="Readers are told this long after a change while little happens."
    )
    follow_latest: float = Field(
        0.2,
        ge=0,
        description="And this long while many lanes are typed into; latency of a reader stays below 250 ms.",
    )
    busy_lanes: int = Field(20, ge=1, description="Lanes typed into at once from which on it is the latter.")
    commit_pause: float = Field(
        0.016,
        ge=0,
        description="Least time between two commits: on a busy server keystrokes of several conferences share one.",
    )
    late: float = Field(
        1.5,
        gt=0,
        description="A change not stored for so long is told of: a writer knows within two seconds.",
    )
    reload_wait: float = Field(
        1.0, ge=0, description="Pause before a lane is read again after its disk refused to write."
    )
    idle_room: float = Field(60.0, ge=0, description="How long an empty conference is kept in memory.")
