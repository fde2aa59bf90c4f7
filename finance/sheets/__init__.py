"""How finance's papers look: on the screen, on A4, as workbooks."""
