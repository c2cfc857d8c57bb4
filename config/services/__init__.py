"""The cluster profile's real servers, started natively for tests: PostgreSQL, Redis, Elasticsearch."""
