CREATE TABLE game_stats (
  game_type text PRIMARY KEY,
  sessions_created bigint NOT NULL DEFAULT 0,
  sessions_finished bigint NOT NULL DEFAULT 0,
  balls_potted bigint NOT NULL DEFAULT 0
);

-- Events that are in the figures already: the queue may deliver one twice.
CREATE TABLE counted_events (
  event_id uuid PRIMARY KEY,
  counted_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX counted_events_by_age ON counted_events (counted_at);
