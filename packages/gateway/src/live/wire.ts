// What the gateway sends to its live page. Both ends are built of this file; it imports nothing that only one has.
import type { LogLevel } from '@artel/telemetry-protocol';

/** What a second is counted by: `other` are the metrics that the page has no line of their own for. */
export const lines = ['actions', 'games', 'errors', 'api', 'loads', 'other'] as const;
export type Line = (typeof lines)[number];

/** What is timed second by second. */
export const timings = ['api', 'loads'] as const;
export type Timing = (typeof timings)[number];

/** Seconds of history that a page gets when it opens, and may show. */
export const HISTORY_SECONDS = 300;
/** A quantile at a second is that of the seconds up to it, so many of them: one second alone has too few timings. */
export const QUANTILE_SECONDS = 10;
/** Minutes over which web vitals are judged: most come only as a page closes. */
export const VITALS_MINUTES = 30;
export const MAX_LOGS = 200;
export const MAX_ERROR_GROUPS = 100;

interface VitalThresholds {
  readonly label: string;
  readonly name: string;
  readonly unit: 'ms' | '';
  /** At most this is good, and above `poor` poor: https://web.dev/articles/vitals */
  readonly good: number;
  readonly poor: number;
}

/** Web vitals by their metric. The bounds are bucket bounds of the catalogue, so that the shares are exact. */
export const vitals = {
  web_vital_lcp_ms: { label: 'LCP', name: 'Largest Contentful Paint', unit: 'ms', good: 2_500, poor: 4_000 },
  web_vital_inp_ms: { label: 'INP', name: 'Interaction to Next Paint', unit: 'ms', good: 200, poor: 500 },
  web_vital_cls: { label: 'CLS', name: 'Cumulative Layout Shift', unit: '', good: 0.1, poor: 0.25 },
  web_vital_fcp_ms: { label: 'FCP', name: 'First Contentful Paint', unit: 'ms', good: 1_800, poor: 3_000 },
  web_vital_ttfb_ms: { label: 'TTFB', name: 'Time to First Byte', unit: 'ms', good: 800, poor: 1_800 },
} as const satisfies Record<string, VitalThresholds>;
export type VitalName = keyof typeof vitals;
export const vitalNames = Object.keys(vitals) as VitalName[];

/** A quantile of nothing is `null`; one at the last bucket's bound means that or more. */
type Quantile = number | null;

/** One second: how much of each of `lines`, and p50 and p95 of each of `timings` in turn. */
export interface SecondRow {
  /** Unix time in s. */
  readonly s: number;
  readonly n: readonly number[];
  readonly q: readonly Quantile[];
}

export interface TimingSummary {
  readonly count: number;
  readonly p50: Quantile;
  readonly p95: Quantile;
  /** The last bucket's bound: a quantile there is that or more. */
  readonly most: number;
}

export interface VitalSummary {
  readonly count: number;
  /** By which a vital is judged: three of four visits were as good or better. */
  readonly p75: Quantile;
  readonly good: number;
  readonly fair: number;
  readonly poor: number;
}

/** How often something happened in the history's time, the most frequent first. */
export interface Ranked {
  readonly name: string;
  readonly count: number;
}

export interface RankedEndpoint extends Ranked {
  readonly p50: Quantile;
  readonly p95: Quantile;
  /** Answers of 400 and above, and requests without an answer. */
  readonly failed: number;
}

export interface OutputLag {
  readonly name: string;
  /** Age of the oldest record that it has not taken. */
  readonly seconds: number;
  /** How many it has not taken; left out where the reader may not know. */
  readonly records?: number;
  /** Why its last attempt failed, where it did; empty where the reader may not know. */
  readonly failure?: string;
}

/** The gateway's own state, given to the page by whoever knows it. */
export interface GatewayState {
  readonly queue?: { readonly records: number; readonly limit: number };
  readonly outputs: readonly OutputLag[];
}

export interface Delivery extends GatewayState {
  /** Items counted and refused, and batches that had been counted before: in the history's time. */
  readonly accepted: number;
  readonly rejected: number;
  readonly duplicates: number;
  readonly batches: number;
  /** What clients say they gave up, by reason, in the history's time. */
  readonly dropped: readonly Ranked[];
}

export interface LogLine {
  /** Ascending within a feed. */
  readonly id: number;
  /** Unix time in ms by the gateway's clock. */
  readonly at: number;
  readonly level: LogLevel;
  readonly category?: string;
  readonly message: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** Where the page shows more than one. */
  readonly tenant?: string;
}

/** Error reports that differ by nothing but numbers. */
export interface ErrorGroup {
  readonly id: number;
  readonly type: string;
  /** That of the last report. */
  readonly message: string;
  /** Reports of it since the group began. A client reports the same error in full only a few times a page. */
  readonly count: number;
  /** Unix time in ms by the gateway's clock. */
  readonly first: number;
  readonly last: number;
  readonly page?: string;
  readonly release?: string;
  readonly tenant?: string;
  /** Sent once: left out where the page has it already, empty where there is none. */
  readonly stack?: string;
}

/** One message of the stream, about what has changed; with `reset` it is the whole state, and what was before is void. */
export interface Update {
  readonly reset: boolean;
  /** Unix time in ms by the gateway's clock. */
  readonly now: number;
  /** Pages that were heard from in the last minute: an estimate. */
  readonly active: number;
  readonly seconds: readonly SecondRow[];
  readonly timings: Readonly<Record<Timing, TimingSummary>>;
  readonly vitals: Readonly<Record<VitalName, VitalSummary>>;
  readonly actions: readonly Ranked[];
  readonly games: readonly Ranked[];
  readonly others: readonly Ranked[];
  readonly endpoints: readonly RankedEndpoint[];
  readonly delivery: Delivery;
  /** Oldest first. */
  readonly logs: readonly LogLine[];
  /** Lines that came and went between two messages. */
  readonly logsSkipped: number;
  readonly errors: readonly ErrorGroup[];
  /** Groups that had to make room. */
  readonly errorsGone: readonly number[];
}

/** Answer of `GET /live/state`. */
export interface LiveState {
  /** Tenants that this reader may choose from. */
  readonly tenants: readonly string[];
  /** Whether all of them together may be seen. */
  readonly all: boolean;
  /** Whether the reader has signed in by the form, and may sign out. */
  readonly signedIn: boolean;
}
