"""The way out of django-fsm: the same flow tests pass on django-fsm-2, which bears the same import name."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .portal import ROOT

FORK = Path(os.environ.get("FSM_FORK", ROOT / ".venv" / "fork"))
FLOW_TESTS = sorted(
    str(path.relative_to(ROOT))
    for pattern in ("test_transitions*.py", "test_flow*.py", "test_races*.py")
    for path in (ROOT / "tests").glob(f"*/{pattern}")
)


@pytest.mark.timeout(400)
def test_the_flow_tests_pass_on_the_fork_as_well():
    assert (FORK / "django_fsm").is_dir(), (
        "There is no django-fsm-2: `make test` fetches it (python3 tools/environment.py test)."
    )
    assert FLOW_TESTS
    server, broker = (os.environ[name].rsplit("/", 1)[0] for name in ("DATABASE_URL", "REDIS_URL"))
    environment = os.environ | {
        "PYTHONPATH": str(FORK),
        "DATABASE_URL": f"{server}/fork{os.getpid()}",
        "REDIS_URL": f"{broker}/63",
    }
    environment = {
        name: value for name, value in environment.items() if not name.startswith(("PYTEST_", "COV_"))
    }
    which = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", "import django_fsm; print(django_fsm.__file__)"],
        env=environment, cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert which.stdout.startswith(str(FORK))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-migrations", *FLOW_TESTS],
        env=environment, cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]
