"""Put the demo company into an empty installation, through the same actions that people use.

`python -m mingji.demo.loading` loads into the installation of `MINGJI_HOME`.
"""
