"""What `pii --help` prints, written by `python -m tests.helptext`."""

HELP = """\
Usage: pii [OPTIONS] COMMAND [ARGS]...

  Viet Nam's Provincial Innovation Index: from workbooks to a ranking that can
  be proved.

  The yearly round:
    pii framework                          what is measured, and how much each indicator weighs
    pii method                             how it is computed, in words; pii method diff A B
    pii template --out templates/          a workbook for every province
    pii check submissions/                 every fault, with its cell and what to do
    pii rules                              what submissions are held to
    pii run submissions/ --out runs/2025   scores, ranks, workbook and charts in one folder
    pii explain runs/2025 "Hà Nội" 4.1.4   from the index down to the cell
    pii verify runs/2025                   prove that the folder is what the inputs give
    pii preview 01.xlsx --against runs/2025   one province, before everybody is in
    pii whatif, pii target                 what a change would do; what reaches a rank or score
    pii page --against runs/2025           a page for provinces: offline, by double-click
    pii audit runs/2025 --seed 0           how robust every rank is
  
  From and to other programs:
    pii import coinr iData.csv iMeta.csv --out DIR   an index built with COINr (R)
    pii export coinr INPUTS --out DIR      the tables that COINr takes

  INPUTS are folders of filled templates, single workbooks, or tables (CSV or
  XLSX) with a column `province` and a column for each indicator code.

Options:
  --version   Show the version and exit.
  -h, --help  Show this message and exit.

Commands:
  framework  Print the tree of an edition with local and effective weights.
  method     Print an edition's nominal method in words, and what is...
  template   Write one workbook per province, to be filled in with Excel...
  check      Read submissions and report all their faults at once.
  rules      Print what submissions are held to: every rule, and what to...
  run        Score submissions and write everything into a new run folder.
  explain    Show the way from the index down to a cell.
  verify     Recompute a run from the inputs it recorded, and compare...
  audit      Ask how robust every rank of a run is.
  preview    Estimate one province's score before everybody is in.
  whatif     Try other values: new score and rank, and whom they overtake.
  target     Find the smallest sets of changes that reach a target, over...
  plan       Write the annex of an action plan: every indicator with...
  page       Make the page that needs nothing: one HTML file that opens...
  import     Turn an index that was built elsewhere into an edition and a...
  export     Turn an edition and its figures into the tables of another...
"""
