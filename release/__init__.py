"""What a release needs: comparisons with the last one, builds and their checks, and its steps."""
