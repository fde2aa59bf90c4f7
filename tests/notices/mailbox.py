"""A mail server on this machine that counts what it accepted, by Message-ID."""

import socketserver
import threading
import time
from collections import Counter


class Mailbox(socketserver.ThreadingTCPServer):
    """`url` reaches it; `accepted` counts letters by Message-ID; each takes `delay` seconds."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, delay: float = 0.0) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.accepted: Counter[str] = Counter()
        self.bodies: list[str] = []
        self.delay = delay
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request, client_address) -> None:
        """A killed client is what these tests are about."""

    def __exit__(self, *args) -> None:
        self.shutdown()
        super().__exit__(*args)


class Session(socketserver.StreamRequestHandler):
    server: Mailbox

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.say("220 ready")
        for line in iter(self.rfile.readline, b""):
            word = line[:4].upper()
            if word == b"DATA":
                self.take()
            else:
                self.say("221 bye" if word == b"QUIT" else "250 ok")
            if word == b"QUIT":
                return

    def take(self) -> None:
        self.say("354 go on")
        lines = list(iter(self.rfile.readline, b".\r\n"))
        letter = b"".join(lines).decode()
        name = next(
            line.split(b":", 1)[1].strip().decode()
            for line in lines
            if line.lower().startswith(b"message-id:")
        )
        time.sleep(self.server.delay)
        self.server.accepted[name] += 1
        self.server.bodies.append(letter)
        self.say("250 accepted")
