"""From rows to numbers: metric definitions, checked, compiled to SQL, observed with lineage.

`definitions.load_definitions` reads the YAML, `warehouse.Warehouse` holds the rows,
`observe.observe` computes, `lineage.rows` opens a number down to its source rows.
"""
