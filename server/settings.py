"""Everything an operator can set, each as `TRUERECORD_<NAME>` in the environment.

The settings are read once, at start, and never change afterwards. Limits on live connections are beside
the code that enforces them (`server.realtime.limits`); those on people signing in and joining are here.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_SECRET_BYTES = 32


class Settings(BaseSettings):
    """One frozen object. Durations are in seconds unless the name says otherwise."""

    model_config = SettingsConfigDict(env_prefix="TRUERECORD_", frozen=True, extra="ignore")

    data: Path = Field(Path("data"), description="Folder of the database, the keys and the backups' source.")
    database_url: str = Field("", description="Database address; empty means SQLite in the data folder.")
    base_url: str = Field(
        "http://127.0.0.1:8000", description="The address people type; used in links and checks."
    )
    secret: SecretStr = Field(
        SecretStr(""),
        description="Key for page tokens and form checks; empty means one kept in the data folder.",
    )

    staff_session: int = Field(8 * 3600, ge=60, description="How long a staff member stays signed in.")
    participant_session: int = Field(
        14 * 3600, ge=60, description="How long a participant's page stays joined."
    )
    page_token: int = Field(14 * 3600, ge=60, description="How long one page may go on connecting.")

    attempts_per_account: int = Field(8, ge=1, description="Wrong passwords for one account before it waits.")
    attempts_per_link: int = Field(8, ge=1, description="Wrong codes for one link before it waits.")
    attempts_per_address: int = Field(
        300,
        ge=1,
        description="Wrong attempts from one network address; generous, an office shares one address.",
    )
    attempt_window: int = Field(15 * 60, ge=1, description="How long wrong attempts are counted together.")
    attempt_wait: int = Field(10 * 60, ge=1, description="How long a blocked account, link or address waits.")

    request_bytes: int = Field(256 * 1024, ge=1024, description="Largest form or API body, in bytes.")
    upload_bytes: int = Field(
        30 * 1024 * 1024, ge=1024, description="Largest record that can be handed in to be checked, in bytes."
    )
    text_letters: int = Field(4000, ge=100, description="Longest single text a person can send, in letters.")
    person_burst: int = Field(
        5_000,
        ge=100,
        description="Milliseconds of the server that one person's pages may take at once (429): a page takes 20, and "
        "a dozen tabs that are opened again one second.",
    )
    person_rate: float = Field(
        100.0,
        gt=0,
        description="And this many more each second: a tenth. Without WebSockets a page asks for 15, at the busiest "
        "desk it is 50.",
    )
    person_posts: int = Field(
        300,
        ge=1,
        description="Forms one person may send at once (429): a program of theirs brings a whole report.",
    )
    person_posts_rate: float = Field(
        5.0,
        gt=0,
        description="And this many more each second; each waits for the disk, behind what is typed.",
    )
    network_burst: int = Field(
        10_000,
        ge=100,
        description="Milliseconds of the server that those whom nobody knows may take at once from one address (429): "
        "everybody at an office joins in one minute. IPv6 counts by its first 64 bits.",
    )
    network_rate: float = Field(250.0, gt=0, description="And this many more each second: a quarter.")
    network_connections: int = Field(
        2_000,
        ge=1,
        description="Connections at one time from one address (503), unless it is a proxy's that is trusted: six of "
        "everybody at a large office.",
    )
    requests_waiting: int = Field(
        20, ge=1, description="Unsettled requests to the chair one person may have."
    )
    flags_waiting: int = Field(200, ge=1, description="Unanswered flags one person may have.")

    @field_validator("base_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

    @property
    def https(self) -> bool:
        """Whether people reach the app over HTTPS, so that cookies are marked Secure and HSTS is sent."""
        return self.base_url.startswith("https://")

    @property
    def database(self) -> str:
        """The database address in force."""
        return self.database_url or f"sqlite:///{self.data / 'truerecord.sqlite3'}"

    def signing_secret(self) -> bytes:
        """The key for page tokens and form checks; made at the first start and kept in the data folder
        (0600).
        """
        given = self.secret.get_secret_value()
        if given:
            return given.encode()
        path = self.data / "secret"
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            # O_EXCL: of two processes starting at once, one makes the key and the other reads it.
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_bytes()
        made = secrets.token_bytes(_SECRET_BYTES)
        with os.fdopen(handle, "wb") as file:
            file.write(made)
        return made
