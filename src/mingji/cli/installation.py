"""What the commands that work on an installation have in common."""

from __future__ import annotations

import os


def open_installation() -> None:
    """Make the installation of the environment ready: settings read, database up to date.

    Which installation it is say MINGJI_HOME and MINGJI_DATABASE. A new one is founded by this.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingji.web.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0)
