"""The fast array routines below the layers, and how images lie in memory for them."""
