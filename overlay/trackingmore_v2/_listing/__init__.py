"""Lists of trackings: filters, pagination and lazy iteration."""
