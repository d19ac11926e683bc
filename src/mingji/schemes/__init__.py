"""The performance scheme as data: documents, versions, validation, templates."""
