"""What an audit found, for machines and for people: tables, charts, workbook, a page of sentences.

| module | what it knows |
|---|---|
| `files` | all of it as (file name, bytes) |
| `tables` | data frames at full precision |
| `sentences` | what the figures say in words, by stated thresholds |
| `charts`, `workbook`, `page` | one form each |
"""
