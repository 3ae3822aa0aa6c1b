"""Outputs for people and programs: tables, workbook, charts. The only rounding."""
