"""Maps, workbook, layers and summary, made from finished results. Computes nothing."""
