"""The guide after 2019."""
