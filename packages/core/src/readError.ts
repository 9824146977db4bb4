import { cleanFields } from '@artel/telemetry-protocol/scrub';
import { attempt } from './environment';

/** Name, message and stack of whatever was thrown; nothing that it does when read reaches the caller. */
export function readError(error: unknown): readonly [name: string, message: string, stack?: unknown] {
  return (
    attempt(() =>
      error instanceof Error
        ? [String(error.name) || 'Error', String(error.message), error.stack]
        : ['NonError', Object(error) === error ? JSON.stringify(cleanFields(error)) : String(error)],
    ) ?? ['NonError', 'an error that cannot be read']
  );
}
