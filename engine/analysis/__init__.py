"""What can be said of a network without training it: its cost, what a unit can see, how often a kernel fits."""
