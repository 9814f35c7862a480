"""The use cases, one module a DAG; the only room that joins the others and the only one that opens the store."""
