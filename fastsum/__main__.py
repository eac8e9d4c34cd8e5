"""`python -m fastsum` is the command `fastsum`."""

from fastsum.cli.app import main

if __name__ == "__main__":  # worker processes import this module too
    main()
