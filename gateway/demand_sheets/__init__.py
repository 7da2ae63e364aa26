"""Spreadsheets of demands (批量导入): the template, what was filled in, what is given back."""
