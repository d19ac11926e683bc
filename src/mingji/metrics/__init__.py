"""The KPI catalogue, refresh runs, observations and their lineage."""
