"""The command line: `truerecord [--data DIR] COMMAND`. Each command says what it did, or
what to do instead.
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import json
import socket
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from server.actions.context import AbsentLanes, Context
from server.errors import ActionError, BadInput
from server.events import Events
from server.settings import Settings


class Stop(Exception):
    """A sentence for whoever runs the command, and the exit code."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace, Settings], int] = options.run
    try:
        return run(options, _settings(options))
    except Stop as stop:
        print(stop, file=sys.stderr)
        return stop.code
    except ActionError as error:
        where = f" ({error.field})" if isinstance(error, BadInput) else ""
        print(f"{error.reason}{where}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="truerecord", description="Minutes that everyone in the meeting sees."
    )
    parser.add_argument("--data", type=Path, help="the data folder (TRUERECORD_DATA; default: data)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace, Settings], int], help_: str) -> Any:
        made = commands.add_parser(name, help=help_, description=help_)
        made.set_defaults(run=run)
        return made

    serve = command("serve", _serve, "Serve on an address of this machine.")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    demo = command(
        "demo", _demo, "Make the demonstration conference if it is not there, and print its links."
    )
    demo.add_argument("--again", action="store_true", help="make a fresh one")
    command("migrate", _migrate, "Bring the database up to the newest shape.")
    user = commands.add_parser("user", help="Accounts of staff.").add_subparsers(
        required=True, metavar="ADD|PASSWORD|CLOSE"
    )
    add = user.add_parser("add", help="Make an account; the password is asked for.")
    add.add_argument("--email", required=True)
    add.add_argument("--name", required=True)
    add.add_argument(
        "--administrator", action="store_true", help="may set conferences up and sees all of them"
    )
    add.set_defaults(run=_user_add)
    for name, run, help_text in (
        (
            "password",
            _user_password,
            "Give an account a new password; everything opened with the old one ends.",
        ),
        ("close", _user_close, "Nobody signs in to this account any more; everything opened with it ends."),
    ):
        other = user.add_parser(name, help=help_text)
        other.add_argument("--email", required=True)
        other.set_defaults(run=run)
    token = commands.add_parser("token", help="API tokens.").add_subparsers(
        required=True, metavar="CREATE|REVOKE"
    )
    create = token.add_parser("create", help="Make an API token and print it, once.")
    create.add_argument("--name", required=True)
    create.set_defaults(run=_token_create)
    revoke = token.add_parser("revoke", help="End every API token of this name.")
    revoke.add_argument("--name", required=True)
    revoke.set_defaults(run=_token_revoke)
    conference = commands.add_parser("conference", help="Conferences.").add_subparsers(
        required=True, metavar="CREATE"
    )
    made = conference.add_parser("create", help="Make a conference from a file as the API takes it.")
    made.add_argument("file", type=Path, metavar="FILE.json")
    made.set_defaults(run=_conference_create)
    verify = command(
        "verify", _verify, "Say whether a record is genuine (exit 0), altered (1) or no record (2)."
    )
    verify.add_argument("file", type=Path)
    verify.add_argument(
        "--key",
        type=Path,
        help="the council's public key file; without it, the keys in the data folder if it has any",
    )
    verify.add_argument(
        "--strict",
        action="store_true",
        help="exit 1 also for a whole file if no key is known to compare with",
    )
    backup = command("backup", _backup, "Copy everything to a new folder while the server runs.")
    backup.add_argument("folder", type=Path, metavar="DIR")
    restore = command("restore", _restore, "Bring a backup back into an empty data folder.")
    restore.add_argument("folder", type=Path, metavar="DIR")
    command(
        "check", _check, "Walk every hash and name what does not hold (exit 0, 1; 2 if it cannot be done)."
    )
    return parser


def _settings(options: argparse.Namespace) -> Settings:
    try:
        return Settings(data=options.data) if options.data is not None else Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = "_".join(str(piece) for piece in first["loc"]).upper()
        raise SystemExit(f"The setting TRUERECORD_{name} cannot be used: {first['msg']}.") from error


@asynccontextmanager
async def _context(settings: Settings) -> AsyncIterator[Context]:
    """For commands that touch no lane. May run beside a server."""
    from server.db.engine import Database
    from server.db.migrate import migrate

    migrate(settings.database)
    db = Database.open(settings.database)
    try:
        yield Context(db, AbsentLanes(), Events(), settings, settings.signing_secret())
    finally:
        db.close()


# Imports of what a command needs are inside it: `verify` must not wait for a database, nor `serve` for a demonstration.


def _serve(options: argparse.Namespace, settings: Settings) -> int:
    import uvicorn

    from server import logs
    from server.app import create_app
    from server.db.data_lock import DataLock
    from server.realtime.serving import config

    if "base_url" not in settings.model_fields_set:
        host = f"[{options.host}]" if ":" in options.host else options.host
        shown = "127.0.0.1" if host in {"0.0.0.0", "[::]"} else host  # noqa: S104 - compared, not bound
        settings = settings.model_copy(update={"base_url": f"http://{shown}:{options.port}"})
    try:
        taken = DataLock(settings.data).is_taken()
    except OSError as error:
        raise Stop(
            f"{settings.data.resolve()} cannot be written to: {error.strerror}. Put that right, or name another "
            "folder with --data."
        ) from error
    if taken:
        raise _in_use(settings)
    listening = _listen(options.host, options.port)
    logs.configure()
    used = config(
        create_app(settings),
        host=options.host,
        port=options.port,
        network_connections=settings.network_connections,
    )
    server = uvicorn.Server(used)
    server.run(sockets=[listening])
    return 0 if server.started else 1


def _in_use(settings: Settings) -> Stop:
    return Stop(
        f"Another server uses {settings.data.resolve()}. Stop it, or name another folder with --data."
    )


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.socket(family, socket.SOCK_STREAM)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((host, port))
        except BaseException:
            listening.close()
            raise
    except (OSError, OverflowError) as error:
        raise Stop(
            f"{host}:{port} cannot be used: {error}. Stop what uses it, or choose another with --port."
        ) from error
    return listening


def _migrate(_options: argparse.Namespace, settings: Settings) -> int:
    from server.db.migrate import migrate, newest

    migrate(settings.database)
    print(f"The database has the newest shape ({newest()}).")
    return 0


def _demo(options: argparse.Namespace, settings: Settings) -> int:
    from server import demo
    from server.db.data_lock import DataInUse

    async def run() -> demo.Demo:
        found = None if options.again else demo.kept(settings)
        if found is not None:
            async with _context(settings) as ctx:
                if await demo.still_works(ctx, found):
                    return found
        from server.app import running

        async with running(settings) as (_, ctx):
            if found is not None and await demo.exists(ctx, found):
                return await demo.renew(ctx, found)
            return await demo.make(ctx)

    try:
        print(demo.printed(asyncio.run(run()), settings.base_url))
    except DataInUse as error:
        raise _in_use(settings) from error
    return 0


def _user_add(options: argparse.Namespace, settings: Settings) -> int:
    from server.actions import staff

    password = _password()

    async def run() -> None:
        async with _context(settings) as ctx:
            await staff.add(ctx, options.email, options.name, password, administrator=options.administrator)

    asyncio.run(run())
    print(f"{options.email} can sign in at {settings.base_url}/sign-in")
    return 0


def _password() -> str:
    """Asked for, or the first line of standard input; never an argument, which others on the machine could read."""
    return getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def _user_password(options: argparse.Namespace, settings: Settings) -> int:
    from server.actions import staff

    password = _password()

    async def run() -> None:
        async with _context(settings) as ctx:
            await staff.set_password(ctx, options.email, password)

    asyncio.run(run())
    print(f"{options.email} signs in with the new password. What was opened with the old one has ended.")
    return 0


def _user_close(options: argparse.Namespace, settings: Settings) -> int:
    from server.actions import staff

    async def run() -> None:
        async with _context(settings) as ctx:
            await staff.close_account(ctx, options.email)

    asyncio.run(run())
    print(f"Nobody signs in as {options.email} any more. What was open has ended.")
    return 0


def _token_revoke(options: argparse.Namespace, settings: Settings) -> int:
    from server.actions import staff

    async def run() -> int:
        async with _context(settings) as ctx:
            return await staff.revoke_tokens(ctx, options.name)

    revoked = asyncio.run(run())
    print(f"{revoked} {'token was' if revoked == 1 else 'tokens were'} revoked.")
    return 0 if revoked else 1


def _token_create(options: argparse.Namespace, settings: Settings) -> int:
    from server.actions import staff

    async def run() -> str:
        async with _context(settings) as ctx:
            return await staff.create_token(ctx, options.name)

    print(asyncio.run(run()))
    return 0


def _conference_create(options: argparse.Namespace, settings: Settings) -> int:
    from server.actions.conferences import create
    from server.auth.identity import ProgramActor
    from server.routes.api_conferences import created, taken
    from server.routes.api_shapes import ConferenceTaken

    try:
        given = ConferenceTaken.model_validate_json(options.file.read_bytes())
    except OSError as error:
        raise Stop(f"{options.file} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise Stop(f"{'.'.join(map(str, first['loc'])) or options.file}: {first['msg']}.") from error

    async def run() -> str:
        async with _context(settings) as ctx:
            made = await create(ctx, ProgramActor("command-line"), taken(given))
            return json.dumps(created(made).model_dump(mode="json"), indent=1, ensure_ascii=False)

    print(asyncio.run(run()))
    return 0


def _verify(options: argparse.Namespace, settings: Settings) -> int:
    from server.record.keys import PUBLIC_FILE
    from server.record.report import verify_command

    published = settings.data / PUBLIC_FILE
    keys = options.key or (published if published.is_file() else None)
    return verify_command(options.file, keys, most=settings.upload_bytes, strict=options.strict)


def _backup(options: argparse.Namespace, settings: Settings) -> int:
    from server.db.backup import BackupError, backup

    try:
        count = backup(settings.database, settings.data, options.folder)
    except BackupError as error:
        raise Stop(str(error)) from error
    print(f"{count} files are in {options.folder}. They are as confidential as the data folder.")
    return 0


def _restore(options: argparse.Namespace, settings: Settings) -> int:
    from server.db.backup import BackupError, restore
    from server.db.migrate import migrate

    try:
        count = restore(settings.database, settings.data, options.folder)
    except BackupError as error:
        raise Stop(str(error)) from error
    migrate(settings.database)
    print(f"{count} files are back in {settings.data}. Run the command check, then serve.")
    return 0


def _check(_options: argparse.Namespace, settings: Settings) -> int:
    from server.actions.checking import CannotCheck, look

    try:
        found = look(settings)
    except CannotCheck as error:
        raise Stop(str(error), 2) from error
    for sentence in found.broken:
        print(sentence)
    print(
        f"{found.rows} rows of {found.lanes} lanes, {found.snapshots} snapshots and {found.trail} rows of the trail"
        " were checked."
    )
    print("Something does not hold: see above." if found.broken else "Everything holds.")
    return 1 if found.broken else 0
