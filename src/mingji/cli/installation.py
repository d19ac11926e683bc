"""What the commands that work on an installation have in common."""

from __future__ import annotations

import fcntl
import os

from mingji.rules.errors import NotFound
from mingji.rules.text import Text


def enter_installation() -> None:
    """Read an installation that is there; nothing is founded, migrated or written.

    Raises:
        NotFound: there is none where MINGJI_HOME and MINGJI_DATABASE point.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingji.web.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    if "people_member" not in connection.introspection.table_names():
        raise NotFound(
            Text(
                zh=f"{settings.HOME} 里没有明绩的数据。用 MINGJI_HOME 指明在哪里，"
                "例如示例公司：MINGJI_HOME=var/demo。",
                en=f"There is no installation in {settings.HOME}. Say where it is with "
                "MINGJI_HOME, for instance the demo company: MINGJI_HOME=var/demo.",
            ),
            code="no_installation",
        )


def open_installation() -> None:
    """Make the installation of the environment ready: settings read, database up to date.

    Which installation it is say MINGJI_HOME and MINGJI_DATABASE. A new one is founded by this.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingji.web.settings")
    import django

    django.setup()
    bring_up_to_date()


def bring_up_to_date() -> None:
    """Migrates the database, if anything is to do; commands that begin at once take turns."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    settings.HOME.mkdir(parents=True, exist_ok=True)
    with (settings.HOME / "migrating.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0)
