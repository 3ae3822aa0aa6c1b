"""`python -m pii`, where the script `pii` is not on the path."""

from pii.cli import main

if __name__ == "__main__":
    main(prog_name="pii")
