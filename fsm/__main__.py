"""`python -m fsm`: the same as the command `fsm`."""

from fsm.command import main

if __name__ == "__main__":
    main()
