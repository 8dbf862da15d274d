-- Written by `npm run migrations`. Do not edit.
ALTER TABLE tasks ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tasks ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
UPDATE tasks SET position = created_at;
CREATE INDEX tasks_by_position ON tasks (position, id);
CREATE INDEX tasks_by_completed ON tasks (completed, position, id);
