#!/usr/bin/env python
"""Django's command line for the after-sales portal."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.settings")
    if not (os.environ.get("MODE") or os.environ.get("SECRET_KEY")):
        from aftersales.up import settle

        settle(sys.argv[1] if len(sys.argv) > 1 else "help")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
