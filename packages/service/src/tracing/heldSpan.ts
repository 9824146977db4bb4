import {
  type Attributes,
  type AttributeValue,
  type Exception,
  type Link,
  type Span,
  type SpanContext,
  type SpanOptions,
  type SpanStatus,
  SpanStatusCode,
  type TimeInput,
  type Tracer,
} from '@opentelemetry/api';

/** Where a held span belongs: its ids, and the span above it. */
export interface HeldPlace {
  readonly spanContext: SpanContext;
  /** The span above, of this process or another; none where the trace begins here. */
  readonly parent: SpanContext | undefined;
  /** The tracer of the SDK that makes the span of it, if that comes to be. */
  readonly tracer: Tracer;
}

/** What a held span was told, for a span of the SDK to be made of it. */
export interface HeldStory {
  readonly name: string;
  readonly options: SpanOptions;
  readonly place: HeldPlace;
  /** Events and links, in their order. */
  readonly acts: readonly ((span: Span) => void)[];
  readonly status: SpanStatus;
  /** Unix time in ms, or what the caller gave. */
  readonly endTime: TimeInput;
}

const UNSET: SpanStatus = { code: SpanStatusCode.UNSET };

function isTime(value: unknown): value is TimeInput {
  return typeof value === 'number' || value instanceof Date || (Array.isArray(value) && value.length === 2);
}

/**
 * A span of a trace that is not sampled. It only remembers what it is told, which costs little; nearly all of them are
 * forgotten when their trace ends well, and of one that failed spans of the SDK are made then.
 */
export class HeldSpan implements Span {
  readonly place: HeldPlace;
  readonly #options: SpanOptions;
  readonly #ended: (span: HeldSpan) => void;
  readonly #began: number;
  readonly #clock: number;
  #name: string;
  /** What was told after the start, beside the attributes of the start, which may be one object for many spans. */
  #told: Attributes | undefined;
  #acts: ((span: Span) => void)[] | undefined;
  #status = UNSET;
  #endTime: TimeInput | undefined;

  constructor(name: string, options: SpanOptions, place: HeldPlace, ended: (span: HeldSpan) => void) {
    this.#name = name;
    this.#options = options;
    this.place = place;
    this.#ended = ended;
    this.#began = Date.now();
    this.#clock = performance.now();
  }

  get hasFailed(): boolean {
    return this.#status.code === SpanStatusCode.ERROR;
  }

  /** Whether no span of this process stands above it. */
  get isLocalRoot(): boolean {
    const { parent } = this.place;
    return parent === undefined || parent.isRemote === true;
  }

  /** What it was told, once it has ended. */
  story(): HeldStory {
    const { attributes, startTime = this.#began, ...options } = this.#options;
    const told = this.#told ? { ...attributes, ...this.#told } : attributes;
    return {
      name: this.#name,
      options: { ...options, startTime, ...(told ? { attributes: told } : {}) },
      place: this.place,
      acts: this.#acts ?? [],
      status: this.#status,
      endTime: this.#endTime ?? this.#now(),
    };
  }

  spanContext(): SpanContext {
    return this.place.spanContext;
  }

  isRecording(): boolean {
    return this.#endTime === undefined;
  }

  setAttribute(key: string, value: AttributeValue): this {
    if (this.isRecording()) {
      this.#told ??= {};
      this.#told[key] = value;
    }
    return this;
  }

  setAttributes(attributes: Attributes): this {
    if (this.isRecording()) this.#told = { ...this.#told, ...attributes };
    return this;
  }

  updateName(name: string): this {
    if (this.isRecording()) this.#name = name;
    return this;
  }

  setStatus(status: SpanStatus): this {
    // `OK` is the last word, and `UNSET` none: https://opentelemetry.io/docs/specs/otel/trace/api/#set-status
    const isHeard = status.code !== SpanStatusCode.UNSET && this.#status.code !== SpanStatusCode.OK;
    if (this.isRecording() && isHeard) this.#status = status;
    return this;
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    const [attributes, given] = isTime(attributesOrTime)
      ? [{}, attributesOrTime]
      : [attributesOrTime ?? {}, undefined];
    const at = time ?? given ?? this.#now();
    const own = { ...attributes };
    return this.#act((span) => span.addEvent(name, own, at));
  }

  recordException(exception: Exception, time: TimeInput = this.#now()): void {
    this.#act((span) => span.recordException(exception, time));
  }

  addLink(link: Link): this {
    return this.#act((span) => span.addLink(link));
  }

  addLinks(links: Link[]): this {
    return this.#act((span) => span.addLinks(links));
  }

  end(endTime?: TimeInput): void {
    if (!this.isRecording()) return;
    this.#endTime = endTime ?? this.#now();
    this.#ended(this);
  }

  #act(act: (span: Span) => void): this {
    if (!this.isRecording()) return this;
    this.#acts ??= [];
    this.#acts.push(act);
    return this;
  }

  /** Now, by a clock that nobody sets. A span whose start was given has no other than the system's. */
  #now(): number {
    if (this.#options.startTime !== undefined) return Date.now();
    return this.#began + (performance.now() - this.#clock);
  }
}
