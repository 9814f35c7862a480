"""duban's own database: schema, migrations, sessions. Only the office imports it."""
