import type { Query } from './query';

/** What a parameter narrows. */
type Narrows =
  | { readonly label: string }
  | { readonly field: string }
  | { readonly above: string }
  | { readonly line: true };

export interface Parameter {
  readonly help: string;
  readonly narrows: Narrows;
  /** What holds when it is not given. */
  readonly otherwise?: number;
}

/** A question about logs: what always holds of its lines, and what may be asked more closely. */
export interface Question {
  /** One sentence, for lists and panels. */
  readonly title: string;
  readonly always: Pick<Query, 'labels' | 'fields'>;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly whole?: readonly string[];
  readonly template: string;
}

/** What every question takes. */
export const commonParameters: Readonly<Record<string, Parameter>> = {
  environment: { help: 'development, staging or production', narrows: { label: 'environment' } },
  service: {
    help: 'a service, or an app whose lines the gateway hands on',
    narrows: { label: 'service_name' },
  },
  contains: { help: 'a text that the line holds', narrows: { line: true } },
  requestId: { help: 'lines of one request', narrows: { field: 'request_id' } },
  userId: { help: 'lines of one user, by pseudonym', narrows: { field: 'user_id' } },
};
