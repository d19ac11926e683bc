"""The word lists of the demo company, read once from the YAML files beside this module."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import yaml


@cache
def bank(name: str) -> Any:
    """The content of `data/<name>.yaml`."""
    text = resources.files("mingji.demo").joinpath("data", f"{name}.yaml").read_text("utf-8")
    return yaml.safe_load(text)
