"""`python -m mingji` is the command `mingji`."""

from mingji.cli import main

if __name__ == "__main__":
    main()
