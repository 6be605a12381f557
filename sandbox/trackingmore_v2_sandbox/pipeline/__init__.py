"""The request pipeline of the API."""
