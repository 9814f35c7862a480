"""The use cases, one module for each DAG; the only room that joins the others and the only one that opens the store."""
