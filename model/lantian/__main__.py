"""``python -m lantian``: the command line."""

from lantian.cli import main

if __name__ == "__main__":
    main()
