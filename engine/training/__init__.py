"""Learning: steps, runs that are kept, what is measured on the way, and which learning rate to begin with."""
