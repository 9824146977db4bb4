-- Events that the queue has not confirmed yet; each is written in the transaction of the command that it tells of.
CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event jsonb NOT NULL,
  carried jsonb NOT NULL,
  claimed_until timestamptz NOT NULL DEFAULT '-infinity'
);
