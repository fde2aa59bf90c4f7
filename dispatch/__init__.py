"""Administration and dispatch (charter 6). Its place in the layers is kept; trips come with their issue."""
