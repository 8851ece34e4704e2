"""One kind of list for every app: filters, sorted columns, columns to choose, filters kept by name, export.

An app describes its list as a `ListDefinition` and registers it; the pages, the export and the kept filters follow.
"""
