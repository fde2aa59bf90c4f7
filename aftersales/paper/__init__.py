"""Paper: a form of the charter as plain data (`sheets`), its head (`heads`), drawings (`drawings`) and its PDF (`typeset`).

A sheet is a plain dictionary of texts, boxes and drawings in the reader's language. The same dictionary feeds the A4 page
(`templates/prints/`) and the PDF (`form.typ`), so that both always say the same.
"""
