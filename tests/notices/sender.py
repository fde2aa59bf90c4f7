"""Another process that empties the outbox, to be killed: `python -m tests.notices.sender honest|naive`.

`naive` is the negative control: it writes a letter down as sent before it sends it.
"""

import sys

import django


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main(manner: str) -> None:
    django.setup()
    from aftersales import clock
    from notices.models import Notification
    from notices.services import deliver, delivering

    delivering.LEASE /= 180  # one second: the test does not wait three minutes for a killed worker's rows
    delivering.rules.quiet = lambda now: False
    if manner == "naive":
        honest = delivering.Run.send

        def send(run: delivering.Run, group: list[Notification]) -> None:
            run.done(group)
            honest(run, group)

        delivering.Run.send = send
    say("ready")
    for line in sys.stdin:
        deliver(clock.now())
        say(f"done {line.strip()}")


if __name__ == "__main__":
    main(sys.argv[1])
