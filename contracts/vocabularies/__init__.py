"""The field's codes and words as pure data, importable from domain code."""
