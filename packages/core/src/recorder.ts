import {
  browserSeries,
  endpointTemplate,
  type Fields,
  type LogLevel,
  limits,
  type Scalar,
  type SeriesShape,
} from '@artel/telemetry-protocol';
import { cleanFields, cleanText } from '@artel/telemetry-protocol/scrub';
import type { Books, DropReason } from './books';
import type { Clock } from './clock';
import { createSpan } from './createSpan';
import type { Environment } from './environment';
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

/** What parts the texts in the key of a series: one sign for counters, another for histograms. */
const COUNTER = '\u0000';
const HISTOGRAM = '\u0001';

type Kind = typeof COUNTER | typeof HISTOGRAM;

/** Log lines for one and the same error; after that it is only counted. */
const SAME_ERROR_LINES = 5;
const DIFFERENT_ERRORS = 200;

/** Characters of one line's fields together, so that a batch never outgrows a beacon for one record's sake. */
const LINE = 10_240;

const shapes = new Map<string, SeriesShape>(Object.entries(browserSeries));

function refuse(problem: string | undefined): void {
  if (problem) throw new TypeError(problem);
}

const toLabel = (value: unknown) => cleanText(String(value), limits.labelValueLength);

/** The verbs of the client: each turns one call into points and lines of the open window. */
export function createRecorder(
  environment: Environment,
  pipeline: Pipeline,
  books: Books,
  clock: Clock,
  /** Name of the page at this moment. */
  page: () => string,
  /** Facts that go with every line and span; one that a metric has a label for becomes that label. */
  context: () => Fields | undefined,
  /** Why events are not taken at this moment, or `undefined` when they are. */
  closed: () => DropReason | undefined,
  warn: (kind: string, message: string) => void,
): Verbs {
  const seenErrors = new WeakSet<object>();
  const errorLines = new Map<string, number>();

  /** Takes in one event: `add` puts it into the window and answers whether it is urgent, or throws and adds nothing. */
  const record = (add: () => boolean) => {
    books.emitted++;
    const reason = closed();
    if (reason) return books.drop(reason, 1);
    try {
      pipeline.recorded(add());
    } catch (error) {
      books.drop('invalid', 1);
      warn('invalid', `an event was not taken: ${readError(error)[1]}`);
    }
  };

  const addLine = (level: LogLevel, category: string, message: unknown, fields: Fields) =>
    pipeline.window.addLog({
      level,
      message: cleanText(String(message), limits.messageLength),
      timestamp: clock.now(),
      ...(category && { category }),
      fields: cleanFields({ page: page(), ...context(), ...fields }, LINE),
    });

  /**
   * Adds to a series. Of a metric that the catalogue knows, only the labels that it lists are taken, the page is filled
   * in, and where there is more, or the level says so, a log line holds it all. Labels are made only when the window
   * does not have the series yet.
   */
  const add = (
    kind: Kind,
    name: string,
    fields: Fields,
    amount: number,
    category = 'metric',
    message = name,
    level: LogLevel = 'info',
  ): boolean => {
    const { window } = pipeline;
    const shape = shapes.get(name);
    const names = shape?.labels ?? Object.keys(fields);
    const values: (Scalar | undefined)[] = [];
    let key = shape ? name : name + kind + names;
    for (const label of names) {
      const value =
        fields[label] ??
        (shape && (label === 'page' ? page() : label === 'platform' ? context()?.[label] : ''));
      values.push(value);
      key += kind + value;
    }
    let urgent = false;
    const max = kind === COUNTER ? limits.counterIncrement : limits.observation;
    // A number that is none is not between anything.
    if (!(amount >= 0 && amount <= max)) refuse(`${name}: ${amount} is not a number from 0 to ${max}`);
    if (!window.add(key, amount)) {
      const labels: Record<string, string> = {};
      names.forEach((label, index) => {
        if (values[index] != null) labels[label] = toLabel(values[index]);
      });
      const timestamp = clock.now();
      const point = { name, labels, timestamp };
      window.open(key, kind === COUNTER ? { ...point, value: amount } : { ...point, values: [amount] });
      urgent = shape?.urgent === true || !!shape?.urgent?.includes(String(values[0]));
    }
    if (level === 'error' || (shape && Object.keys(fields).some((field) => !names.includes(field)))) {
      addLine(level, category, message, fields);
    }
    return urgent;
  };

  const log = (level: LogLevel) => (message: string, fields?: Metadata) =>
    record(() => {
      addLine(level, '', message, cleanFields(fields));
      return level === 'error';
    });

  return {
    trackUserAction: (action, metadata) =>
      record(() =>
        add(
          COUNTER,
          'user_action_total',
          { ...(metadata && cleanFields(metadata)), action },
          1,
          'user_action',
          `User action: ${action}`,
        ),
      ),
    trackPageLoad: (name, ms) => record(() => add(HISTOGRAM, 'page_load_duration_ms', { page: name }, ms)),
    trackApiCall: (endpoint, method, ms, status) =>
      record(() =>
        add(
          HISTOGRAM,
          'api_request_duration_ms',
          { endpoint: endpointTemplate(endpoint), method: method.toUpperCase(), status_code: status },
          ms,
        ),
      ),
    trackGameEvent: (eventType, gameType, sessionId) =>
      record(() =>
        add(
          COUNTER,
          'game_event_total',
          { event_type: eventType, game_type: gameType, session_id: sessionId },
          1,
          'game_event',
          `Game event: ${eventType}`,
        ),
      ),
    trackError(error, context) {
      if (Object(error) === error) {
        if (seenErrors.has(error as object)) return;
        seenErrors.add(error as object);
      }
      record(() => {
        const [name, message, stack] = readError(error);
        const text = `${name}: ${message}`;
        const lines = errorLines.get(text) ?? 0;
        const fields = { error_type: name };
        if (lines >= SAME_ERROR_LINES || errorLines.size >= DIFFERENT_ERRORS) {
          return add(COUNTER, 'frontend_error_total', fields, 1);
        }
        errorLines.set(text, lines + 1);
        const more = cleanFields({ stack, ...cleanFields(context), ...fields });
        return add(COUNTER, 'frontend_error_total', more, 1, 'error', text, 'error');
      });
    },
    count: (name, labels, n = 1) => record(() => add(COUNTER, name, cleanFields(labels), n)),
    observe: (name, value, labels) => record(() => add(HISTOGRAM, name, cleanFields(labels), value)),
    log: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
    startSpan: (name, attributes) =>
      createSpan(environment, clock, name, attributes, (span) =>
        record(() => {
          pipeline.window.addSpan({ ...span, attributes: { ...context(), ...span.attributes } });
          return false;
        }),
      ),
  };
}
