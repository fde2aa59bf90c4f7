"""What production is given: compose file, web server, image."""

import re

import pytest
import yaml

from .portal import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
NGINX = (ROOT / "deploy" / "nginx.conf").read_text()


def test_every_server_is_there_and_watched():
    servers = set(COMPOSE["services"]) - {"migrate"}
    assert servers == {"nginx", "web", "worker", "beat", "postgres", "redis"}
    assert all("healthcheck" in COMPOSE["services"][name] for name in servers)


def test_there_is_one_beat_and_a_queue_that_refuses_rather_than_forgets():
    assert COMPOSE["services"]["beat"]["deploy"]["replicas"] == 1
    assert "noeviction" in COMPOSE["services"]["redis"]["command"]


def test_what_must_not_be_lost_lies_in_volumes():
    assert set(COMPOSE["volumes"]) == {"data", "postgres", "redis"}


def test_only_the_web_server_has_open_ports():
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["nginx"]


def test_private_links_and_questions_are_not_logged():
    assert re.search(r"log_format plain [^;]*\$shown", NGINX)
    assert "$request " not in NGINX
    assert "$request_uri" not in re.search(r"log_format[^;]*;", NGINX).group()
    assert NGINX.count("access_log") == 2


@pytest.mark.parametrize("command", ["web", "worker", "beat"])
def test_the_containers_ask_themselves(command: str):
    assert "deploy/healthy.py" in COMPOSE["services"][command]["healthcheck"]["test"]
