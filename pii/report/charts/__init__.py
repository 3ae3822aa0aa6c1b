"""Charts of an outcome for screen and black-and-white print: ranking, pillars, province profiles.

Every chart is laid out in points on one page, each text measured before it is placed: columns are
as wide as their longest name, so nothing overlaps in any framework, and no axis machinery is paid
for 63 times. Every text from data is plain text: a `$` is no mathematics.

SVG letters are outlines of the DejaVu Sans that matplotlib brings (`svg.fonttype: path`). Text as
text would be smaller, but then shape and width of Vietnamese letters depend on the fonts of the
machine, and embedded fonts are ignored by office programs. The words are kept in the file as
title, description and comments, so that they can still be found.

Not thread-safe, because matplotlib's settings are global: share work among processes.

| module | what it knows |
|---|---|
| `ranking`, `heatmap`, `profile` | one chart each |
| `parts` | what several charts have: header, footer, scale, list of provinces |
| `facts` | what is read from an outcome: names, words, scores, order |
| `page` | a sheet in points, the colours, the settings, SVG and PNG |
| `text` | a line of text: measured, wrapped, drawn |
| `files` | all charts as (file name, bytes) |
"""

from pii.report.charts.files import chart_files, profile_files, profile_names
from pii.report.charts.heatmap import pillar_heatmap
from pii.report.charts.page import png_bytes, svg_bytes
from pii.report.charts.profile import pillar_profile
from pii.report.charts.ranking import ranking_chart

__all__ = [
    "chart_files",
    "pillar_heatmap",
    "pillar_profile",
    "png_bytes",
    "profile_files",
    "profile_names",
    "ranking_chart",
    "svg_bytes",
]
