import {
  describeError,
  endpointTemplate,
  type Fields,
  type LogLevel,
  type LogRecord,
  limits,
  readFields,
  truncate,
} from '@artel/telemetry-protocol';
import type { Journal } from '../keep/journal';
import type { Now } from '../page/clock';
import { attempt, type Environment } from '../page/environment';
import type { Books, DropReason } from '../send/books';
import type { Metadata, Telemetry, TelemetryOptions } from '../telemetry';
import type { Report } from '../trouble';
import { createErrorMemory } from './errorMemory';
import { createSeries } from './series';
import { startSpan } from './span';
import { FIELDS } from './window';

/** The methods of the client that record. */
type Verbs = Pick<
  Telemetry,
  | 'trackUserAction'
  | 'trackPageLoad'
  | 'trackApiCall'
  | 'trackGameEvent'
  | 'trackError'
  | 'count'
  | 'observe'
  | 'log'
  | 'startSpan'
>;

interface RecorderDeps {
  readonly environment: Environment;
  readonly journal: Journal;
  readonly books: Books;
  readonly now: Now;
  /** Returns the name of the page. */
  readonly page: () => string;
  /** Returns the facts that go with every line and span. */
  readonly context: () => Fields;
  /** Returns why events are refused at this moment, or `undefined`. */
  readonly refusal: () => DropReason | undefined;
  readonly isSampled: () => boolean;
  readonly ignoreError: TelemetryOptions['ignoreError'];
  readonly report: Report;
}

/** Where browsers run the scripts of extensions; `webkit-masked-url` is how Safari hides them. */
const EXTENSION = /^(?:[\w-]+-extension|webkit-masked-url)$/;

/** Returns whether every address in a stack, or where there is none in `source`, is an extension's: not the app's error. */
function isFromExtension(stack: string | undefined, source: unknown): boolean {
  const schemes = String(stack || source).match(/[\w-]+(?=:\/\/)/g);
  return !!schemes && schemes.every((scheme) => EXTENSION.test(scheme));
}

/**
 * Makes the recording methods of the client: each turns one call into points and lines of the open window. Everything is
 * checked here, before it is taken in: an event that is wrong is dropped alone, as `invalid`, and changes nothing else.
 */
export function createRecorder(deps: RecorderDeps): Verbs {
  const { journal, books, now, page, context, report } = deps;
  const errors = createErrorMemory();
  const series = createSeries(deps);

  /**
   * Takes in one event. `add` adds it to the window and returns whether it is urgent, or why it is dropped, or throws;
   * in both of these cases it adds nothing.
   */
  const record = (add: () => boolean | DropReason) => {
    books.emitted++;
    let urgent: boolean | DropReason | undefined = deps.refusal();
    try {
      urgent ??= add();
    } catch (error) {
      urgent = 'invalid';
      report(urgent, describeError(error).message);
    }
    if (typeof urgent === 'string') books.drop(urgent, 1);
    else journal.recorded(urgent);
  };

  /**
   * `fields` must be safe to spread, as `readFields` returns them. `facts` are the line's own and win over fields of the
   * same name; only `page` is the caller's to replace.
   */
  const line = (
    level: LogLevel,
    category: string,
    message: unknown,
    fields: Metadata,
    facts?: Fields,
  ): LogRecord => ({
    level,
    message: truncate(String(message), limits.messageLength),
    timestamp: now(),
    ...(category && { category }),
    fields: readFields(
      // Twice: first, so that the limit leaves them in; last, so that they win.
      { page: page(), ...context(), ...facts, ...fields, ...facts },
      FIELDS,
    ),
  });

  /** Counts one event and adds its line, which is made first: if that fails, nothing is counted. */
  const count = (name: string, values: readonly unknown[], makeLine?: false | (() => LogRecord)) => {
    const made = makeLine ? makeLine() : undefined;
    const urgent = series.add(name, true, 1, values);
    if (made) journal.window.addLog(made, false);
    return urgent;
  };

  const log = (level: LogLevel) => (message: string, fields?: Metadata) =>
    record(() => {
      journal.window.addLog(line(level, '', message, readFields(fields)), true);
      return level === 'error';
    });

  return {
    trackUserAction: (action, metadata) =>
      record(() => {
        const fields = metadata && readFields(metadata);
        return count(
          'user_action_total',
          [action, page()],
          // Without metadata a line would add nothing to the count.
          !!fields &&
            !!Object.keys(fields)[0] &&
            (() => line('info', 'user_action', `User action: ${action}`, fields, { action })),
        );
      }),
    trackPageLoad: (name, ms) => record(() => series.add('page_load_duration_ms', false, ms, [name])),
    trackApiCall: (endpoint, method, ms, status) =>
      record(() =>
        series.add('api_request_duration_ms', false, ms, [
          endpointTemplate(String(endpoint)),
          String(method).toUpperCase(),
          status,
        ]),
      ),
    trackGameEvent: (eventType, gameType, sessionId) =>
      record(() =>
        count('game_event_total', [eventType, gameType], () =>
          line('info', 'game_event', `Game event: ${eventType}`, {
            event_type: eventType,
            game_type: gameType,
            session_id: sessionId,
          }),
        ),
      ),
    trackError(error, metadata) {
      if (attempt(() => deps.ignoreError?.(error)) || !errors.isNew(error)) return;
      record(() => {
        const { name, message, stack } = describeError(error);
        const fields = readFields(metadata);
        if (isFromExtension(stack, fields['source'])) return 'noise';
        const text = `${name}: ${message}`;
        return count(
          'frontend_error_total',
          [name, page()],
          errors.mayLog(text) &&
            (() => line('error', 'error', text, fields, { ...(stack && { stack }), error_type: name })),
        );
      });
    },
    count: (name, labels, n = 1) => record(() => series.addLabelled(name, true, n, labels)),
    observe: (name, value, labels) => record(() => series.addLabelled(name, false, value, labels)),
    log: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
    startSpan: (name, attributes) =>
      startSpan({
        ...deps,
        name,
        attributes,
        onEnd: (makeRecord) =>
          record(() => {
            journal.window.addSpan(makeRecord());
            return false;
          }),
      }),
  };
}
