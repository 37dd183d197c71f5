"""A project's folder as it stands: settings, books, ledgers, streets, and their faults."""
