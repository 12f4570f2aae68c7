"""Keep Wagtail's own page views inside the user's agencies."""
