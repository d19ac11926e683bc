"""Load the demo company into the installation that the environment names."""

from __future__ import annotations

import click
import django

if __name__ == "__main__":
    django.setup()
    from mingji.demo.loading.company import load_company

    load_company(lambda text: click.echo(f"{text.zh}  {text.en}", err=True))
