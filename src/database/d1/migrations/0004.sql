-- Written by `npm run migrations`. Do not edit.
CREATE TABLE task_count (id INTEGER PRIMARY KEY, tasks INTEGER NOT NULL) STRICT;
INSERT INTO task_count (id, tasks) SELECT 1, count(*) FROM tasks;
DROP TRIGGER tasks_limit;
CREATE TRIGGER tasks_limit BEFORE INSERT ON tasks
      WHEN (SELECT tasks FROM task_count WHERE id = 1) >= 10000
      BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER tasks_inserted AFTER INSERT ON tasks BEGIN
      UPDATE task_count SET tasks = tasks + 1 WHERE id = 1;
      END;
CREATE TRIGGER tasks_deleted AFTER DELETE ON tasks BEGIN
      UPDATE task_count SET tasks = tasks - 1 WHERE id = 1;
      END;
