"""The engines that search and enumerate."""
