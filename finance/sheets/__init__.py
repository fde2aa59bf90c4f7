"""How finance's monthly papers look: on the screen, on A4, as workbooks."""
