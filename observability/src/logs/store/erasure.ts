import { entryFields } from '../entryFields';
import { nanosOfKey } from './lineKey';
import { addTo, storedBytes, type Tables } from './tables';

/** Fields by which a line tells of a person: the toolkit's, the gateway's, and those of events. */
const PERSONS = ['user_id', 'user', 'user_hash', 'player_id'];

/** Lines looked at in one transaction: others who write wait no longer than that takes. */
const AT_ONCE = 5_000;

/** Takes out every line that names one of these users in a field of its own. Answers how many lines that were. */
export async function eraseLines(
  { env, lines, streams, counts }: Tables,
  users: ReadonlySet<string>,
): Promise<number> {
  let after: Buffer | undefined;
  let erased = 0;

  const look = (): boolean => {
    const range = { limit: AT_ONCE, ...(after ? { start: after, exclusiveStart: true } : {}) };
    const looked = [...lines.getRange(range)];
    let taken = 0;
    let freed = 0;
    for (const { key, value } of looked) {
      const [line, metadata] = value;
      const labels = streams.get(key.readUInt32BE(0)) ?? {};
      const fields = entryFields({ labels, metadata, nanos: nanosOfKey(key), line });
      if (!PERSONS.some((name) => users.has(fields.get(name)))) continue;
      lines.remove(key);
      taken++;
      freed += storedBytes(value);
    }
    addTo(counts, 'lines', -taken);
    addTo(counts, 'bytes', -freed);
    addTo(counts, 'dropped erased', taken);
    erased += taken;
    const last = looked.at(-1);
    // The library lends its own buffer.
    if (last) after = Buffer.from(last.key);
    return looked.length === AT_ONCE;
  };

  while (await env.transaction(look));
  return erased;
}
