import { findProgram } from '@artel/test-support/programs/findProgram';

const names = [
  'prometheus',
  'alertmanager',
  'nodeExporter',
  'postgres',
  'postgresExporter',
  'redis',
  'redisExporter',
  'rabbitMq',
] as const;

/** The paths of the programs that run the parts that are not ours; of PostgreSQL, the folder. */
export type StackPrograms = Readonly<Record<(typeof names)[number], string>>;

/** Returns what the machine has. Throws where a variable names a program that is not there. */
export function findStackPrograms(env: Readonly<Record<string, string | undefined>>): Partial<StackPrograms> {
  const found = names.map((name) => [name, findProgram(name, env)] as const);
  return Object.fromEntries(found.filter(([, path]) => path !== undefined));
}
