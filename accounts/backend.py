"""Signing in, and the one place that answers `has_perm`: the policy."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from . import access
from .models import User


class GrantsBackend(ModelBackend):
    """Passwords as Django checks them; who the person is and what he holds comes in one query; rights from the policy."""

    def get_user(self, user_id: Any) -> User | None:
        user = User.objects.load(user_id)
        return user if user is not None and user.is_active else None

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return access.may(user_obj, perm, obj)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return False
