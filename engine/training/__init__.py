"""Learning: steps, runs that are kept, what is measured on the way, which learning rate to begin with, and which of two
learns faster."""
