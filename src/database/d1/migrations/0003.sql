-- Written by `npm run migrations`. Do not edit.
CREATE TABLE removed_tasks (
      number INTEGER PRIMARY KEY,
      id INTEGER NOT NULL UNIQUE,
      title TEXT NOT NULL,
      completed INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      position INTEGER NOT NULL,
      version INTEGER NOT NULL,
      removed_at INTEGER NOT NULL
    ) STRICT;
CREATE TRIGGER tasks_removed AFTER DELETE ON tasks BEGIN
      INSERT OR REPLACE INTO removed_tasks
        (id, title, completed, created_at, position, version, removed_at)
        VALUES (old.id, old.title, old.completed, old.created_at, old.position, old.version,
          CAST(round(unixepoch('subsec') * 1000) AS INTEGER));
      DELETE FROM removed_tasks
        WHERE number <= (SELECT max(number) FROM removed_tasks) - 10000;
      END;
CREATE TRIGGER tasks_limit BEFORE INSERT ON tasks
      WHEN (SELECT count(*) FROM tasks) >= 10000
      BEGIN SELECT RAISE(IGNORE); END;
