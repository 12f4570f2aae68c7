"""What the public reader shows, as frozen dataclasses; templates never query."""
