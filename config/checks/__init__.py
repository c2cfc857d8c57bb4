"""What `make check` asks beyond the ready-made tools."""
