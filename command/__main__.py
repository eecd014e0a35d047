"""`python -m fsm.command`: the same as `fsm`."""

from fsm.command import main

if __name__ == "__main__":
    main()
