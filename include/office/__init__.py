"""The use cases, one module a DAG: the only room that joins the others and that opens the store."""
