"""Warehouse and purchasing (charter 5). Its place in the layers is kept; the store comes with the issue on parts."""
