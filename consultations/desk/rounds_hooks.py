"""Put the desk of consultations and rounds into the Wagtail admin."""
