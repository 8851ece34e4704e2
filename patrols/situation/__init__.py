"""The situation of a month 治安形势: figures of villages, rolled up to stations and the bureau; words, tables, charts.

Every figure has a key. `counting` counts all of them in a constant number of queries; `addresses` gives for each the
list that holds its rows. Names of persons never appear here.
"""
