import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { runRetention } from '../runRetention';

export interface Ended {
  readonly code: number;
  readonly said: string;
  readonly complaint: string;
}

/** A folder for the files of one test. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'artel-retention-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** `artel-retention` in this process, with a plan and an audit log of its own. */
export function createProgram(
  environment: Readonly<Record<string, string | undefined>>,
  now: () => number = Date.now,
) {
  const folder = testFolder();
  const plan = join(folder, 'plan.json');
  const audit = join(folder, 'audit.jsonl');
  const run = async (...args: string[]): Promise<Ended> => {
    let [said, complaint] = ['', ''];
    const code = await runRetention(args, {
      environment,
      now,
      print: (text) => {
        said += text;
      },
      complain: (text) => {
        complaint += text;
      },
    });
    return { code, said, complaint };
  };
  const common = ['--audit', audit, '--actor', 'tester'];
  return {
    plan,
    audit,
    run: (...args: string[]) => run(...args, ...common),
    makePlan: (...args: string[]) => run('plan', '--out', plan, ...common, ...args),
    apply: (...args: string[]) => run('apply', '--plan', plan, ...common, ...args),
    /** The audit log's records. */
    records: (): readonly Readonly<Record<string, unknown>>[] =>
      readFileSync(audit, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => ({ ...JSON.parse(line) })),
  };
}
