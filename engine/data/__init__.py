"""Pictures and points to learn from: the real digits, generated shapes, and the reader's own."""
