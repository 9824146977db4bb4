import {
  type BrowserMetricName,
  browserSeries,
  cleanFields,
  cleanText,
  endpointTemplate,
  type Fields,
  type Labels,
  type LogLevel,
  type LogRecord,
  labelsProblem,
  limits,
  nameProblem,
  type SeriesShape,
  valueProblem,
} from '@artel/telemetry-protocol';
import type { Books, DropReason } from './books';
import { createSpan } from './createSpan';
import type { Environment } from './environment';
import { fitFields } from './fitFields';
import type { Pipeline } from './pipeline';
import { readError } from './readError';
import type { Metadata, Telemetry } from './telemetry';

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
  readonly pipeline: Pipeline;
  readonly books: Books;
  readonly environment: Environment;
  readonly now: () => number;
  /** Name of the page at this moment. */
  readonly page: () => string;
  /** Why events are not taken at this moment, or `undefined` when they are. */
  readonly closed: () => DropReason | undefined;
  readonly warn: (kind: string, message: string) => void;
}

const SEPARATOR = '\u0000';

/** Log lines for one and the same error; after that it is only counted. */
const SAME_ERROR_LINES = 5;

const shapes: Readonly<Record<string, SeriesShape>> = browserSeries;

function toLabel(value: unknown): string {
  return cleanText(String(value), limits.labelValueLength);
}

function isUrgent(shape: SeriesShape, values: readonly unknown[]): boolean {
  const { urgent } = shape;
  if (!urgent || urgent === true) return urgent === true;
  return shape.labels.some((label, index) => urgent[label]?.includes(String(values[index])));
}

/** Tells whether every label can be read and written as text. */
function isReadable(labels: Metadata | undefined): boolean {
  try {
    for (const label in labels) String(labels[label]);
    return true;
  } catch {
    return false;
  }
}

/** The verbs of the client: each turns one call into points and lines of the open window. */
export function createRecorder(deps: RecorderDeps): Verbs {
  const { pipeline, books, environment, now, page, closed, warn } = deps;
  const seenErrors = new WeakSet<object>();
  const errorLines = new Map<string, number>();

  /** Takes in one event: `add` puts it into the window and answers whether it is urgent, or throws and adds nothing. */
  const record = (add: () => boolean) => {
    books.emitted += 1;
    const reason = closed();
    if (reason) return books.drop(reason, 1);
    let urgent: boolean;
    try {
      urgent = add();
    } catch (error) {
      books.drop('invalid', 1);
      warn(
        'invalid',
        `an event was not taken: ${error instanceof Error ? error.message : 'it cannot be read'}`,
      );
      return;
    }
    pipeline.recorded(urgent);
  };

  const makeLine = (
    level: LogLevel,
    category: string | undefined,
    message: unknown,
    fields: Fields,
  ): LogRecord => ({
    level,
    message: cleanText(String(message), limits.messageLength),
    timestamp: now(),
    ...(category ? { category } : {}),
    fields: fitFields(fields),
  });

  const refuse = (problem: string | undefined) => {
    if (problem) throw new TypeError(problem);
  };

  /** Adds to a series of any name; its labels are made only when the window does not have it yet. */
  const add = (
    kind: 'counter' | 'histogram',
    name: string,
    key: string,
    amount: number,
    makeLabels: () => Labels,
  ) => {
    const { window } = pipeline;
    if (amount !== 1) refuse(valueProblem(amount, kind));
    if (kind === 'counter' ? window.increment(key, amount) : window.observe(key, amount)) return;
    const labels = makeLabels();
    if (kind === 'counter') window.openCounter(key, name, labels, amount, now());
    else window.openHistogram(key, name, labels, amount, now());
    if (window.priority === 0) window.priority = 1;
  };

  /** Adds to one of the browser's own series, whose label values come in the catalogue's order. */
  const addKnown = (
    kind: 'counter' | 'histogram',
    name: BrowserMetricName,
    values: readonly unknown[],
    amount: number,
  ): boolean => {
    const shape = shapes[name] as SeriesShape;
    add(kind, name, name + SEPARATOR + values.join(SEPARATOR), amount, () =>
      Object.fromEntries(shape.labels.map((label, index) => [label, toLabel(values[index])])),
    );
    return isUrgent(shape, values);
  };

  /** Adds to a series that the app named itself; of a known name, labels off the catalogue go to a log line. */
  const addNamed = (
    kind: 'counter' | 'histogram',
    name: string,
    labels: Metadata | undefined,
    amount: number,
  ) => {
    const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
    if (shape) {
      const { page: given, ...fields } = { ...labels };
      const values = shape.labels.map((label) =>
        label === 'page' ? (given ?? page()) : (labels?.[label] ?? ''),
      );
      const extra = Object.keys(fields).some((field) => !shape.labels.includes(field));
      const line = extra
        ? makeLine('info', 'metric', name, { ...cleanFields(fields), page: toLabel(given ?? page()) })
        : undefined;
      const urgent = addKnown(kind, name as BrowserMetricName, values, amount);
      if (line) pipeline.window.addLog(line);
      return urgent;
    }
    // What throws when it is read is read safely, at a price that only it pays.
    const readable = isReadable(labels) ? labels : cleanFields(labels);
    let key = `${name}${SEPARATOR}${kind}`;
    for (const label in readable) key += `${SEPARATOR}${label}${SEPARATOR}${String(readable[label])}`;
    add(kind, name, key, amount, () => {
      const entries = Object.entries(readable ?? {}).filter(
        ([, value]) => value !== undefined && value !== null,
      );
      const made = Object.fromEntries(entries.map(([label, value]) => [label, toLabel(value)]));
      refuse(nameProblem(name) ?? labelsProblem(made));
      return made;
    });
    return false;
  };

  const log = (level: LogLevel) => (message: string, fields?: Metadata) =>
    record(() => {
      const line = makeLine(level, undefined, message, { page: page(), ...cleanFields(fields) });
      pipeline.window.addLog(line);
      return level === 'error';
    });

  return {
    trackUserAction(action, metadata) {
      record(() => {
        const fields = metadata === undefined ? undefined : cleanFields(metadata);
        const at = typeof fields?.['page'] === 'string' ? fields['page'] : page();
        const urgent = addKnown('counter', 'user_action_total', [action, at], 1);
        if (fields && Object.keys(fields).some((field) => field !== 'page')) {
          const line = makeLine('info', 'user_action', `User action: ${action}`, {
            action: toLabel(action),
            page: at,
            ...fields,
          });
          pipeline.window.addLog(line);
        }
        return urgent;
      });
    },
    trackPageLoad(name, ms) {
      record(() => addKnown('histogram', 'page_load_duration_ms', [name], ms));
    },
    trackApiCall(endpoint, method, ms, status) {
      record(() =>
        addKnown(
          'histogram',
          'api_request_duration_ms',
          [endpointTemplate(endpoint), method.toUpperCase(), status],
          ms,
        ),
      );
    },
    trackGameEvent(eventType, gameType, sessionId) {
      record(() => {
        const line = makeLine('info', 'game_event', `Game event: ${eventType}`, {
          event_type: toLabel(eventType),
          game_type: toLabel(gameType),
          session_id: toLabel(sessionId),
          page: page(),
        });
        const urgent = addKnown('counter', 'game_event_total', [eventType, gameType], 1);
        pipeline.window.addLog(line);
        return urgent;
      });
    },
    trackError(error, context) {
      if (typeof error === 'object' && error !== null) {
        if (seenErrors.has(error)) return;
        seenErrors.add(error);
      }
      record(() => {
        const { name, message, stack } = readError(error);
        const at = page();
        const signature = `${name}${SEPARATOR}${message}`;
        const lines = errorLines.get(signature) ?? 0;
        const line =
          lines < SAME_ERROR_LINES && errorLines.size < 200
            ? makeLine('error', 'error', `${name}: ${message}`, {
                error_type: toLabel(name),
                page: at,
                ...(stack ? { stack: cleanText(stack, limits.fieldLength) } : {}),
                ...cleanFields(context),
              })
            : undefined;
        const urgent = addKnown('counter', 'frontend_error_total', [name, at], 1);
        if (line) {
          errorLines.set(signature, lines + 1);
          pipeline.window.addLog(line);
        }
        return urgent;
      });
    },
    count(name, labels, n = 1) {
      record(() => addNamed('counter', name, labels, n));
    },
    observe(name, value, labels) {
      record(() => addNamed('histogram', name, labels, value));
    },
    log: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
    startSpan: (name, attributes) =>
      createSpan(name, attributes, environment, now, (span) =>
        record(() => {
          pipeline.window.addSpan({ ...span, attributes: fitFields(span.attributes ?? {}) });
          return false;
        }),
      ),
  };
}
