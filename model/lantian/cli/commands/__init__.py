"""The commands of ``lantian``; each imports what it needs when it is called."""
