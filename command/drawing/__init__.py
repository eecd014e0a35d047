"""What `fsm draw` writes: drawings of machines, systems and runs, made when they are asked for, and whether one that stands is stale."""
