-- Written by `npm run migrations`. Do not edit.
CREATE TABLE tasks (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      title TEXT NOT NULL,
      completed INTEGER NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT;
