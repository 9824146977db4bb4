import type { SessionView } from '../cache/sessionCache';

/** As much of a socket of `ws` as a table needs. */
export interface LiveSocket {
  readonly readyState: number;
  readonly bufferedAmount: number;
  send(text: string): void;
  ping(): void;
  close(code: number, reason: string): void;
  terminate(): void;
  on(event: 'pong' | 'close' | 'error', listener: () => void): unknown;
}

/** Who watches which session. */
export interface LiveTables {
  /** Seats a watcher, unless all seats are taken; then it is closed with 1013, "try again later". */
  seat(sessionId: number, socket: LiveSocket): boolean;
  /** Sends a session to all who watch it, unless they have seen this version or a newer one. */
  tell(view: SessionView): void;
  /** Closes every socket with 1001, "going away". */
  close(): void;
}

export interface LiveTablesOptions {
  /** Watchers of all sessions together, and of one. */
  readonly maxWatchers: number;
  readonly maxPerSession: number;
  /** How often each is asked whether it is still there, in ms; one that does not answer until the next is cut off. */
  readonly pingMs: number;
}

/** A watcher, and the version that it was sent last. */
type Table = Map<LiveSocket, number>;

const OPEN = 1;
/** Bytes that may wait for a slow watcher; it is cut off beyond, and may come again. */
const MAX_WAITING = 64 * 1_024;

export function createLiveTables({ maxWatchers, maxPerSession, pingMs }: LiveTablesOptions): LiveTables {
  const tables = new Map<number, Table>();
  const silent = new Set<LiveSocket>();
  let watchers = 0;
  let isClosed = false;

  const timer = setInterval(() => {
    for (const table of tables.values()) {
      for (const socket of table.keys()) {
        if (silent.has(socket)) {
          socket.terminate();
          continue;
        }
        silent.add(socket);
        socket.ping();
      }
    }
  }, pingMs);
  timer.unref();

  return {
    seat(sessionId, socket) {
      const table = tables.get(sessionId) ?? new Map<LiveSocket, number>();
      if (isClosed || watchers >= maxWatchers || table.size >= maxPerSession) {
        socket.close(1013, 'no seat is free');
        return false;
      }
      tables.set(sessionId, table);
      table.set(socket, 0);
      watchers += 1;
      socket.on('pong', () => silent.delete(socket));
      // Without a listener a broken socket would end the process.
      socket.on('error', () => {});
      socket.on('close', () => {
        silent.delete(socket);
        if (!table.delete(socket)) return;
        watchers -= 1;
        if (table.size === 0 && tables.get(sessionId) === table) tables.delete(sessionId);
      });
      return true;
    },
    tell({ session, version }) {
      const table = tables.get(session.id);
      if (!table) return;
      const message = JSON.stringify({ type: 'session', version, session });
      for (const [socket, seen] of table) {
        if (socket.readyState !== OPEN || seen >= version) continue;
        table.set(socket, version);
        if (socket.bufferedAmount > MAX_WAITING) socket.terminate();
        else socket.send(message);
      }
    },
    close() {
      isClosed = true;
      clearInterval(timer);
      for (const table of tables.values()) {
        for (const socket of table.keys()) socket.close(1001, 'the service ends');
      }
    },
  };
}
