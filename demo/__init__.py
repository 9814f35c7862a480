"""The demo (演示): simulated agencies replay January to August 2024, the last month through Airflow.

Everything it makes carries 演示数据; the silent, lagging, late and careless agencies are made up, and no
address of it can receive mail.
"""
