"""duban's rooms: the domain and its use cases. Nothing here imports Airflow."""
