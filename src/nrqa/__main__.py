"""``python -m nrqa`` is the command ``nrqa``."""

from nrqa.cli import main

if __name__ == "__main__":
    main()
