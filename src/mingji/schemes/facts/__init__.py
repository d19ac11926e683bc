"""Tables of facts (`member,item,actual,…`): read, checked against a scheme, scored. Pure."""

from mingji.schemes.facts.run import Scoring, score_table
from mingji.schemes.facts.table import FactsTable, read_facts

__all__ = ["FactsTable", "Scoring", "read_facts", "score_table"]
