-- What clients have commanded under keys of their own, so that a command that is sent twice is done once.
CREATE TABLE game_commands (
  key text PRIMARY KEY,
  session_id bigint NOT NULL REFERENCES game_sessions,
  command text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX game_commands_by_age ON game_commands (created_at);
