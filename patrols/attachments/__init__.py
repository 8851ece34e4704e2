"""Files on the steps of a case: read by their content, stored whole, handed out to those who handle the case (R6)."""
