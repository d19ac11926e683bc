"""Mingji 明绩: performance management for marketing teams."""

__version__ = "0.1.0"
