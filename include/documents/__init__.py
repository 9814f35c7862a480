"""Rendering only: letters, consolidated workbook, digest, charts. Pure: bytes from frozen content."""
