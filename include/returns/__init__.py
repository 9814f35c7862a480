"""The workbook both ways: layout, template, reader, receipt; and the states of a submission."""
