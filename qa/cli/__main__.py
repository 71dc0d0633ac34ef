"""``python -m qa.cli``: the command line."""

from qa.cli.main import run

if __name__ == "__main__":
    run()
