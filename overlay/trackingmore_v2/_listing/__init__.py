"""Lists: filters, pages and lazy iteration."""
