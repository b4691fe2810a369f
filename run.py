#!/usr/bin/env python3
"""Starts True Record on a machine that has Python 3.11 or newer and nothing else.

    python3 run.py          make the environment, build, migrate, make a demonstration conference, serve it
    python3 run.py test     lint, types, import rules and every test, the ones in a browser included
    python3 run.py rules    the rules of the field, and which passing tests show each of them

Options: --host, --port, --data DIR. What follows `test` goes to pytest: `run.py test tests/unit -k gate`.

Only the standard library is used here, and syntax that an older Python reads far enough to be told it is too old.
Everything that may go wrong on the way ends in one sentence that says what to do (`Stop`).
"""

import argparse
import errno
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
TRUERECORD = BIN / ("truerecord.exe" if os.name == "nt" else "truerecord")
STAMP = VENV / "truerecord-installed.json"
LOG = VENV / "truerecord-install.log"
OLDEST = (3, 11)

NETWORK_SIGNS = (
    "NewConnectionError",
    "ConnectTimeout",
    "Name or service not known",
    "Temporary failure in name resolution",
    "Network is unreachable",
    "No matching distribution found",
    "ProxyError",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
)


class Stop(Exception):
    """Something is in the way; the message says what to do about it."""


# ── What is shown while it works ────────────────────────────────────────────────────────────────────────


class Step:
    """One line per step: what is being done, then how long it took. On a terminal the line also shows where it is."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.live = sys.stdout.isatty()

    def __enter__(self) -> "Step":
        self.began = time.monotonic()
        print(f"  {self.title} …", end="" if self.live else "\n", flush=True)
        return self

    def at(self, detail: str) -> None:
        """Show what the step is busy with (on a terminal only)."""
        if self.live:
            width = max(20, shutil.get_terminal_size().columns - len(self.title) - 8)
            print(f"\r\033[K  {self.title} … {detail[:width]}", end="", flush=True)

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if self.live:
            took = f"{time.monotonic() - self.began:.0f} s" if error is None else "stopped"
            print(f"\r\033[K  {self.title}: {took}", flush=True)


# ── The environment ─────────────────────────────────────────────────────────────────────────────────────


def check_python() -> None:
    if sys.version_info < OLDEST:
        have = ".".join(str(number) for number in sys.version_info[:3])
        raise Stop(
            f"This is Python {have}, and True Record needs 3.11 or newer: install one and run it with that, "
            "for example `python3.11 run.py`."
        )


def prepare(tests: bool) -> None:
    """Bring `.venv` and the built pages up to date. Nothing is done, quickly, if they already are."""
    make_environment()
    done = read_stamp()
    for lock, title in locks(tests):
        if done.get(lock.name) != digest(lock):
            with Step(f"Installing {title}") as step:
                install(step, "--require-hashes", "-r", str(lock))
            remember(done, lock.name, digest(lock))
    project = digest(ROOT / "pyproject.toml") + str(ROOT)
    if done.get("project") != project or not TRUERECORD.exists():
        with Step("Building the pages and installing the project") as step:
            install(step, "--no-build-isolation", "--no-deps", "--editable", str(ROOT))
        remember(done, "project", project)
    with_log([str(PYTHON), "hatch_build.py"], "The pages could not be built")


def locks(tests: bool) -> "list[tuple[Path, str]]":
    found = [
        (ROOT / "locks" / "build.txt", "what builds it"),
        (ROOT / "locks" / "run.txt", "what it runs on"),
    ]
    return [*found, (ROOT / "locks" / "test.txt", "what tests it")] if tests else found


def make_environment() -> None:
    if not os.access(ROOT, os.W_OK):
        raise Stop(f"{ROOT} cannot be written to: copy the project to a folder of your own and run it there.")
    if VENV.exists() and not (VENV / "pyvenv.cfg").is_file() and any(VENV.iterdir()):
        raise Stop(
            f"{VENV} is in the way and is not a Python environment: move it elsewhere and run this again."
        )
    if environment_works():
        return
    try:
        import ensurepip
        import venv
    except ImportError:
        raise Stop(
            "This Python comes without `venv`: install it (on Debian or Ubuntu, as root: "
            f"`apt-get install python{sys.version_info[0]}.{sys.version_info[1]}-venv`) and run this again."
        ) from None
    again = VENV.exists()
    with Step("The environment was left half made; making it again" if again else "Making the environment"):
        try:
            venv.EnvBuilder(clear=again, with_pip=True, symlinks=os.name != "nt").create(str(VENV))
        except subprocess.CalledProcessError as error:
            raise Stop(
                f"pip {ensurepip.version()} could not be put into {VENV} ({error}): delete it and run this again."
            ) from None


def environment_works() -> bool:
    """True if `.venv` has a Python of the right age that starts and has pip."""
    if not PYTHON.exists():
        return False
    probe = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([str(PYTHON), "-c", probe], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def install(step: Step, *arguments: str) -> None:
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *arguments]
    with_log(command, "The packages could not be installed", step)


def with_log(command: "list[str]", trouble: str, step: "Step | None" = None) -> None:
    """Run `command`, keep what it says in a log, and raise `Stop` with a remedy if it fails."""
    with LOG.open("w", encoding="utf-8") as log:
        running = subprocess.Popen(
            command, cwd=ROOT, text=True, encoding="utf-8", errors="replace",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        for line in running.stdout or ():
            log.write(line)
            if step is not None and line.strip():
                step.at(" ".join(line.split()[:3]))
    if running.wait() != 0:
        said = LOG.read_text(encoding="utf-8", errors="replace")
        raise Stop(f"{trouble}: {remedy(said)} What was said is in {LOG}.")


def remedy(said: str) -> str:
    """What to do about a failed installation, from what it said."""
    if "No space left on device" in said:
        return "the disk is full; make room (about 1 GB) and run this again."
    if "do not match the hashes" in said or "EINTEGRITY" in said:
        return "a downloaded package is not the one that was locked; try again on another network or mirror."
    if any(sign in said for sign in NETWORK_SIGNS):
        return "is the network there? Connect it (or set pip's and npm's proxy or mirror) and run this again."
    if "Permission denied" in said:
        return f"something in {ROOT} belongs to another user; make it yours (chown) and run this again."
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return (
        lines[-1] if lines else "it said nothing."
    ) + " Run this again; if it stays so, delete .venv first."


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def read_stamp() -> "dict[str, str]":
    try:
        found: dict[str, str] = json.loads(STAMP.read_text(encoding="utf-8"))
        return found
    except (OSError, ValueError):
        return {}


def remember(done: "dict[str, str]", name: str, value: str) -> None:
    done[name] = value
    STAMP.write_text(json.dumps(done, indent=2), encoding="utf-8")


# ── Serving ─────────────────────────────────────────────────────────────────────────────────────────────


def serve(host: str, port: int, data: Path) -> int:
    """Migrate, make the demonstration conference if it is not there, serve, and print who goes where."""
    check_port(host, port)
    prepare(tests=False)
    data = data.resolve()
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        (data / ".writable").touch()
        (data / ".writable").unlink()
    except OSError as error:
        raise Stop(
            f"{data} cannot be written to ({error.strerror}): choose another with --data DIR."
        ) from None
    address = f"http://{'[' + host + ']' if ':' in host else host}:{port}"
    environment = dict(os.environ)
    environment.setdefault("TRUERECORD_BASE_URL", address)
    base = [str(TRUERECORD), "--data", str(data)]
    with Step("Bringing the database up to date"):
        captured([*base, "migrate"], environment)
    with Step("Preparing the demonstration conference"):
        links = captured([*base, "demo"], environment)
    server = subprocess.Popen([*base, "serve", "--host", host, "--port", str(port)], env=environment)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.send_signal(signal.SIGTERM))
    with Step("Starting"):
        wait_until_ready(server, f"{address}/readyz")
    print(f"\n{links.rstrip()}\n\nTrue Record is at {address}. Stop it with Ctrl-C.", flush=True)
    return max(0, server.wait())


def check_port(host: str, port: int) -> None:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            if os.name != "nt":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Stop(
                f"Port {port} is in use by another program: stop that, or choose another with --port {port + 1}."
            ) from None
        if error.errno == errno.EACCES:
            raise Stop(
                f"Port {port} is for administrators: choose one above 1023, as in --port 8000."
            ) from None
        raise Stop(
            f"{host} is not an address of this machine: leave --host out, or use --host 0.0.0.0."
        ) from None
    except OverflowError:
        raise Stop("A port is a number from 1 to 65535: choose one with --port.") from None


def captured(command: "list[str]", environment: "dict[str, str]") -> str:
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        lines = [line.strip() for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        raise Stop(f"`truerecord {command[3]}` failed: {lines[-1] if lines else 'it said nothing.'}")
    return done.stdout


def wait_until_ready(server: "subprocess.Popen[bytes]", address: str, seconds: int = 60) -> None:
    # Straight to this machine, whatever proxy the environment names.
    here = address.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")
    straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if server.poll() is not None:
            raise Stop("The server stopped while starting: what it said is above.")
        try:
            with straight.open(here, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    server.terminate()
    raise Stop(
        f"The server did not answer within {seconds} seconds: is the machine very busy? Run this again."
    )


# ── Testing ─────────────────────────────────────────────────────────────────────────────────────────────


def check(command: str, arguments: "list[str]") -> int:
    """What `test` and `rules` do is in `tests/`, and runs in the environment: the last line is pytest's own."""
    prepare(tests=True)
    module = {"test": "tests.check", "rules": "tests.rules"}[command]
    return subprocess.run([str(PYTHON), "-m", module, *arguments], cwd=ROOT, check=False).returncode


# ── The command ─────────────────────────────────────────────────────────────────────────────────────────


def main() -> int:
    parser = argparse.ArgumentParser(prog="run.py", description="Starts True Record, or tests it.")
    parser.add_argument(
        "command", nargs="?", choices=["serve", "test", "rules"], default="serve", help="what to do (serve)"
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument(
        "--data", type=Path, default=ROOT / "data", metavar="DIR", help="where everything is kept"
    )
    options, rest = parser.parse_known_args()
    if rest and options.command != "test":
        parser.error(f"not understood: {' '.join(rest)}")
    try:
        check_python()
        if options.command == "serve":
            return serve(options.host, options.port, options.data)
        return check(options.command, rest)
    except Stop as stop:
        print(f"\n{stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
