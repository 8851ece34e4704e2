"""Rosters, villages, contacts and households from XLSX or CSV: template, dry run with every mistake, all or nothing.

uploads, workbooks, texts   a file becomes sheets of cells, whatever was sent (no database)
cells                       a cell becomes a value, or a reason why not (no database)
kinds                       the columns of each kind of table; template, help, reading and error file follow from it
tables                      sheets become rows: heading found, unknown and missing columns named (no database)
matching, checking          rows become records: whose, new or changed or the same, and what is wrong with them
applying                    one transaction; a dry run is the same, undone at its end
papers                      the template and the error file
"""
