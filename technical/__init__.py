"""Technical department (charter 7). Its place in the layers is kept; reports and judgement come with their issue."""
