"""`python -m avdlab`: the command line where its script is not on the path."""

from avdlab.cli.main import main

if __name__ == "__main__":
    main()
