import type { LogEntry } from './logEntry';
import { parseObject } from './parseObject';

/** What filters and templates read of an entry. */
export interface EntryFields {
  /** Whether the line is a JSON object; if not, the fields are its labels and metadata. */
  readonly isJson: boolean;
  /** A field by its name; the empty text where there is none. */
  get(name: string): string;
  /** A field as it stands, with its objects and lists as JSON. */
  whole(name: string): string;
}

type Fields = Readonly<Record<string, unknown>>;

const SUFFIX = '_extracted';

/** Keys come again with every line. */
const known = new Map<string, string>();
const MOST_KNOWN = 5_000;

/** The name that Loki makes of a key: https://github.com/grafana/loki/blob/main/pkg/logql/log/util.go */
function labelName(key: string): string {
  const found = known.get(key);
  if (found !== undefined) return found;
  const name = key
    .trim()
    .replace(/\W/g, '_')
    .replace(/^(?=\d)/, '_');
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, name);
  return name;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The last value that is called so once objects are flattened. */
function find(fields: Fields, prefix: string, wanted: string): string | undefined {
  let found: string | undefined;
  for (const key in fields) {
    const name = prefix + labelName(key);
    const value = fields[key];
    if (isObject(value)) {
      if (wanted.startsWith(`${name}_`)) found = find(value, `${name}_`, wanted) ?? found;
    } else if (name === wanted && value !== null && value !== undefined && !Array.isArray(value)) {
      found = String(value);
    }
  }
  return found;
}

/**
 * Reads an entry as LogQL's `| json` does: objects are flattened with `_`, lists and nulls are left out, and a name of the
 * line stands before one of the metadata, but beside one of the labels, as `level_extracted`. Nothing is read before it is
 * asked for. https://grafana.com/docs/loki/latest/query/log_queries/#json
 */
export function entryFields({ labels, metadata, line }: LogEntry): EntryFields {
  const parsed = parseObject(line);
  return {
    isJson: parsed !== undefined,
    get(name) {
      const label = labels[name];
      const beside = name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : undefined;
      const ofLine =
        parsed &&
        ((beside !== undefined && Object.hasOwn(labels, beside) ? find(parsed, '', beside) : undefined) ??
          (label === undefined ? find(parsed, '', name) : undefined));
      return ofLine ?? metadata[name] ?? label ?? '';
    },
    whole(name) {
      const value = parsed?.[name];
      return typeof value === 'object' && value !== null ? JSON.stringify(value) : this.get(name);
    },
  };
}
